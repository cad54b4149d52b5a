"""The ways in: a pupil by the code of the class card, a guardian by the child's code and a code to the phone."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import login
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from baiye.accounts.models import User
from baiye.core import clock
from baiye.core.refusals import refused_on
from baiye.schools import queries, sign_in
from baiye.schools.forms import ChildCodeForm, ContactForm, PhoneCodeForm, PhoneForm, PupilCodeForm
from baiye.schools.models import Pupil
from baiye.schools.roll import mask_phone

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STEP = "guardian_sign_in"  # the session's key: which child, which phone, and since when
STEP_LIVES_S = 900


@never_cache
@require_http_methods(["GET", "POST"])
def pupil(request: HttpRequest) -> HttpResponse:
    form = PupilCodeForm(request.POST or None)
    if form.is_valid():
        with refused_on(form, "code"):
            user = sign_in.sign_in_pupil(text=form.cleaned_data["code"], address=_address(request), at=clock.now())
            return _enter(request, user)
    return _page(request, "schools/sign_in_pupil.html", form)


@never_cache
@require_http_methods(["GET", "POST"])
def guardian(request: HttpRequest) -> HttpResponse:
    """First step: the child's code."""
    form = ChildCodeForm(request.POST or None)
    if form.is_valid():
        with refused_on(form, "code"):
            child = sign_in.find_child(text=form.cleaned_data["code"], address=_address(request), at=clock.now())
            request.session[STEP] = {"child": child.pk, "at": clock.now().timestamp()}
            return redirect("schools:sign-in-guardian-phone")
    return _page(request, "schools/sign_in_guardian.html", form)


@never_cache
@require_http_methods(["GET", "POST"])
def guardian_phone(request: HttpRequest) -> HttpResponse:
    """Second step: which phone of the roster."""
    child = _child_of_step(request)
    if child is None:
        messages.warning(request, _("停得久了，请从孩子的码重新开始。"))
        return redirect("schools:sign-in-guardian")
    contacts = {contact.pk: contact for contact in queries.contacts_of(child)}
    choices = [(pk, f"{contact.name[:1]}* {mask_phone(contact.phone)}") for pk, contact in contacts.items()]
    form = ContactForm(request.POST or None, choices=choices)
    if form.is_valid():
        contact = contacts[form.cleaned_data["contact"]]
        with refused_on(form, "contact"):
            sign_in.send_phone_code(contact=contact, address=_address(request), at=clock.now())
            request.session[STEP] = {"contact": contact.pk, "at": clock.now().timestamp()}
            return redirect("schools:sign-in-guardian-code")
    return _page(request, "schools/sign_in_guardian_phone.html", form, empty=not choices)


@never_cache
@require_http_methods(["GET", "POST"])
def guardian_again(request: HttpRequest) -> HttpResponse:
    """The way of a guardian who was here before: the phone alone. Shows the same whether it is known or not."""
    form = PhoneForm(request.POST or None)
    if form.is_valid():
        with refused_on(form, "phone"):
            phone = form.cleaned_data["phone"]
            contact = sign_in.send_to_guardian(phone=phone, address=_address(request), at=clock.now())
            request.session[STEP] = {"contact": contact.pk if contact else 0, "at": clock.now().timestamp()}
            return redirect("schools:sign-in-guardian-code")
    return _page(request, "schools/sign_in_guardian_again.html", form)


@never_cache
@require_http_methods(["GET", "POST"])
def guardian_code(request: HttpRequest) -> HttpResponse:
    """Last step: the six digits."""
    step = _step(request)
    if "contact" not in step:
        return redirect("schools:sign-in-guardian")
    form = PhoneCodeForm(request.POST or None)
    if form.is_valid():
        with refused_on(form, "code"):
            contact = queries.find_contact(step["contact"])
            proof = sign_in.prove_phone(contact=contact, text=form.cleaned_data["code"], at=clock.now())
            return _waiting(request, proof) if proof.waits else _enter(request, proof.user, proof.pupil)
    return _page(request, "schools/sign_in_guardian_code.html", form)


def _page(request: HttpRequest, template: str, form: Form, **context: object) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def _waiting(request: HttpRequest, proof: sign_in.Proof) -> HttpResponse:
    request.session.pop(STEP, None)
    return render(request, "schools/sign_in_waiting.html", {"pupil": proof.pupil})


def _enter(request: HttpRequest, user: User, child: Pupil | None = None) -> HttpResponse:
    """Open the session (under a new key) and go to where this person's work begins."""
    request.session.pop(STEP, None)
    login(request, user, backend=BACKEND)
    if child is not None:
        request.session[queries.CHILD] = child.pk
    return redirect("home")


def _step(request: HttpRequest) -> dict[str, int]:
    step: dict[str, int] = request.session.get(STEP, {})
    return step if clock.now().timestamp() - step.get("at", 0) < STEP_LIVES_S else {}


def _child_of_step(request: HttpRequest) -> Pupil | None:
    return queries.find_pupil(_step(request).get("child", 0))


def _address(request: HttpRequest) -> str:
    """The caller's address, through as many trusted proxies as allauth is told of."""
    return str(get_adapter(request).get_client_ip(request))
