from django.urls import URLPattern, URLResolver, path

from baiye.partners import views

app_name = "partners"
urlpatterns: list[URLPattern | URLResolver] = [
    path("pledges/", views.index, name="pledge-list"),
    path("pledges/pledges.xlsx", views.export, name="export"),
    path("pledges/new/", views.new, name="pledge-new"),
    path("pledges/<int:pledge_id>/handover/", views.handover, name="handover"),
    path("pledges/<int:pledge_id>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("statements/", views.statements, name="statement-list"),
    path("statements/letters.zip", views.letters, name="letters"),
    path("statements/<int:host_id>/letter.pdf", views.statement, name="statement"),
]
