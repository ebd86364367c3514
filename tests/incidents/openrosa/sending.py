"""A phone, as ODK Collect behaves: the same XML with every post, files by their own names."""

import base64
from xml.etree import ElementTree

from django.test import Client

from accounts.devices import device_issue

LIST, SUBMISSION = "/openrosa/formList", "/openrosa/submission"
RESPONSE = "{http://openrosa.org/http/response}"
OURS = "{urn:harmwatch:openrosa}"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + bytes(200)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(200)
BOUNDARY = "----harmwatch7MA4YWxkTrZu0gW"

ANSWERS = """\
  <what>
    <weapon>barrel_bomb</weapon>
    <title>Barrel bombs on Fallujah</title>
    <description>سقط برميلان متفجران على حي سكني.</description>
    <language>ar</language>
    <alleged_actor>Government forces</alleged_actor>
    <targets>residential market</targets>
    <damage>destroyed</damage>
  </what>
  <when>
    <occurred_on>2014-05-11</occurred_on>
    <time_precision>day</time_precision>
  </when>
  <where>
    <place_by>map</place_by>
    <location>33.3497 43.7841 0.0 12.5</location>
    <place_name>Fallujah</place_name>
    <location_precision>exact</location_precision>
    <country>IQ</country>
    <pcode/>
  </where>
  <source>
    <source_kind>article</source_kind>
    <source_name>An outlet</source_name>
    <source_description/>
    <source_url>https://outlet.example/1</source_url>
    <source_identity/>
  </source>
  <is_relayed>yes</is_relayed>
  <relayed>
    <relayed_kind>agency</relayed_kind>
    <relayed_name>An agency</relayed_name>
  </relayed>
  <relayed>
    <relayed_kind>belligerent</relayed_kind>
    <relayed_description>anonymous soldier</relayed_description>
    <relayed_identity>Umm Ahmed's cousin</relayed_identity>
  </relayed>
  <has_figures>yes</has_figures>
  <figure>
    <outcome>killed</outcome><who>civilians</who>
    <minimum>4</minimum><best>5</best><maximum>7</maximum>
  </figure>
  <figure>
    <outcome>displaced</outcome><who>all</who><minimum>50000</minimum><best/><maximum/>
  </figure>
  <figure><outcome>killed</outcome><who>women</who><best>2</best></figure>
  <figure><outcome>injured</outcome><who>children</who><maximum>3</maximum></figure>
  <evidence>
    <media_count>n3</media_count>
    <media_number>3</media_number>
    <media><media_kind>photo</media_kind><photo>1399800000001.jpg</photo></media>
    <media><media_kind>photo</media_kind><photo>1399800000002.jpg</photo></media>
    <media><media_kind>video</media_kind><video>1399800000003.mp4</video></media>
  </evidence>
  <consent>
    <consent_basis>informed</consent_basis>
    <store>yes</store><share>yes</share><publish>yes</publish><court>no</court>
    <may_republish>yes</may_republish>
    <licence>CC-BY-4.0</licence>
  </consent>
  <reporter>
    <reporter_name>Abu Sami</reporter_name>
    <reporter_contact/>
  </reporter>"""
FILES = {
    "1399800000001.jpg": JPEG + b"1",
    "1399800000002.jpg": JPEG + b"2",
    "1399800000003.mp4": MP4,
}


def form(*changes, instance="uuid:6e7a1f4a-0001", corrects="", form_id="harmwatch_strike", v="1"):
    """Return a filled-in form; each change is (what stands there, what shall stand there)."""
    body = ANSWERS
    for old, new in changes:
        assert old in body, old
        body = body.replace(old, new, 1)
    deprecated = f"<orx:deprecatedID>{corrects}</orx:deprecatedID>" if corrects else ""
    instance_id = f"<orx:instanceID>{instance}</orx:instanceID>" if instance else ""
    return (
        "<?xml version='1.0' ?>"
        f'<strike xmlns:orx="http://openrosa.org/xforms" id="{form_id}" version="{v}">{body}'
        f"<orx:meta>{instance_id}{deprecated}<orx:instanceName>Strike</orx:instanceName></orx:meta>"
        "</strike>"
    ).encode()


def plain_form(*changes, **options):
    """Return a form that announces no files."""
    start, end = ANSWERS.index("  <evidence>"), ANSWERS.index("  <consent>")
    return form((ANSWERS[start:end], ""), *changes, **options)


def multipart(xml, files=(), incomplete=False, part_name="xml_submission_file"):
    """Return a post's bytes, part by part as Collect writes them."""
    parts = []
    if xml is not None:
        parts.append((part_name, "strike.xml", "text/xml; charset=utf-8", xml))
    kinds = {"jpg": "image/jpeg", "mp4": "video/mp4"}
    for name, content in dict(files).items():
        kind = kinds.get(name.rpartition(".")[2], "application/octet-stream")
        parts.append((name, name, kind, content))
    body = b""
    for field, name, kind, content in parts:
        body += (
            f"--{BOUNDARY}\r\n"
            f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            f"Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
        ).encode()
        body += content + b"\r\n"
    if incomplete:
        body += (
            f"--{BOUNDARY}\r\n"
            'Content-Disposition: form-data; name="*isIncomplete*"\r\n'
            "Content-Length: 3\r\n\r\nyes\r\n"
        ).encode()
    return body + f"--{BOUNDARY}--\r\n".encode()


class Phone:
    """One phone with a member's credential."""

    def __init__(self, membership):
        self.membership = membership
        self.device, self.secret = device_issue(actor=None, membership=membership, label="test")
        login = base64.b64encode(f"{self.device.username}:{self.secret}".encode()).decode()
        self.headers = {"HTTP_AUTHORIZATION": f"Basic {login}", "HTTP_X_OPENROSA_VERSION": "1.0"}
        self.client = Client()

    def get(self, path, **more):
        return self.client.get(path, **(self.headers | more))

    def head(self, path=SUBMISSION):
        return self.client.head(path, **self.headers)

    def post(self, xml, files=(), incomplete=False, path=SUBMISSION):
        return self.post_bytes(multipart(xml, files, incomplete), path=path)

    def post_bytes(self, body, kind=f"multipart/form-data; boundary={BOUNDARY}", path=SUBMISSION):
        return self.client.post(path, body, content_type=kind, **self.headers)


def message(answer):
    """Return the message's text and nature."""
    found = ElementTree.fromstring(answer.content).find(f"{RESPONSE}message")
    return found.text, found.get("nature")


def told(answer, name):
    """Return the texts of our own elements of that name."""
    return [node.text for node in ElementTree.fromstring(answer.content).iter(f"{OURS}{name}")]
