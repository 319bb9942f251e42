"""Bodies that are not what their checksums say are refused, in whatever way the checksum came."""

from __future__ import annotations

import base64
import hashlib
import http.client
import zlib
from urllib.parse import urlsplit

import obstore
import pytest
from botocore.exceptions import ClientError
from obstore.store import S3Store

from sandbox.cloud import Sandbox

AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=sandbox/20260101/us-east-1/s3/aws4_request, Signature=none"


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def b64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def put(cloud: Sandbox, key: str, body: bytes, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(cloud.aws_url).netloc)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("PUT", f"/filings/{key}", body, {"Authorization": AUTHORIZATION, **named})
    answer = connection.getresponse()
    return answer.status, answer.read()


@pytest.mark.parametrize(
    ("header", "digest"),
    [
        ("Content_MD5", hashlib.md5(b"hello").digest()),
        ("x_amz_checksum_crc32", zlib.crc32(b"hello").to_bytes(4, "big")),
        ("x_amz_checksum_sha1", hashlib.sha1(b"hello").digest()),
        ("x_amz_checksum_sha256", hashlib.sha256(b"hello").digest()),
    ],
)
def test_a_body_that_is_not_what_its_checksum_says_is_refused(cloud: Sandbox, header: str, digest: bytes) -> None:
    assert put(cloud, "summed", b"hello", **{header: b64(digest)})[0] == 200
    status, body = put(cloud, "summed", b"hullo", **{header: b64(digest)})
    assert (status, b"BadDigest" in body) == (400, True)
    status, body = put(cloud, "summed", b"hello", **{header: "not base64"})
    assert (status, b"InvalidDigest" in body) == (400, True)
    assert (cloud.folder / "s3/filings/summed").read_bytes() == b"hello"


def test_a_body_that_is_not_what_was_signed_is_refused(cloud: Sandbox) -> None:
    status, body = put(cloud, "signed", b"hello", x_amz_content_sha256=hashlib.sha256(b"other").hexdigest())
    assert (status, b"XAmzContentSHA256Mismatch" in body) == (400, True)


def test_a_checksum_that_the_sandbox_cannot_verify_is_not_believed(cloud: Sandbox) -> None:
    assert put(cloud, "strange", b"hello", x_amz_checksum_crc64nvme="AAAAAAAAAAA=")[0] == 501


@pytest.mark.parametrize("right", [True, False])
def test_a_checksum_may_come_behind_a_chunked_body(cloud: Sandbox, right: bool) -> None:
    trailer = b64(hashlib.sha256(b"hello" if right else b"hullo").digest())
    body = f"5\r\nhello\r\n0\r\nx-amz-checksum-sha256:{trailer}\r\n\r\n".encode()
    status, _ = put(
        cloud,
        "trailed",
        body,
        Content_Encoding="aws-chunked",
        x_amz_content_sha256="STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        x_amz_decoded_content_length="5",
        x_amz_trailer="x-amz-checksum-sha256",
    )
    assert status == (200 if right else 400)


def test_a_checksum_that_was_announced_and_does_not_come_is_missed(cloud: Sandbox) -> None:
    framing = {"Content_Encoding": "aws-chunked", "x_amz_trailer": "x-amz-checksum-crc32"}
    assert put(cloud, "untold", b"5\r\nhello\r\n0\r\n\r\n", **framing)[0] == 400


def test_the_checksum_of_an_object_comes_back_to_who_asks_for_it(cloud: Sandbox) -> None:
    s3 = cloud.client("s3")
    s3.put_object(Bucket="filings", Key="kept-sum", Body=b"hello", ChecksumAlgorithm="SHA256")
    head = s3.head_object(Bucket="filings", Key="kept-sum", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"] == b64(hashlib.sha256(b"hello").digest())
    file = cloud.folder / "s3/filings/kept-sum"
    file.write_bytes(b"hullo")
    assert "ChecksumSHA256" not in s3.head_object(Bucket="filings", Key="kept-sum", ChecksumMode="ENABLED")


def test_a_part_whose_checksum_differs_at_the_end_is_refused(cloud: Sandbox) -> None:
    s3 = cloud.client("s3")
    where = {"Bucket": "filings", "Key": "summed-parts"}
    where["UploadId"] = s3.create_multipart_upload(**where, ChecksumAlgorithm="SHA256")["UploadId"]
    part = s3.upload_part(**where, PartNumber=1, Body=b"x", ChecksumAlgorithm="SHA256")
    listed = {"PartNumber": 1, "ETag": part["ETag"]}
    wrong = b64(hashlib.sha256(b"y").digest())
    with pytest.raises(ClientError) as refused:
        s3.complete_multipart_upload(**where, MultipartUpload={"Parts": [{**listed, "ChecksumSHA256": wrong}]})
    assert code(refused) == "InvalidPart"
    right = part["ChecksumSHA256"]
    s3.complete_multipart_upload(**where, MultipartUpload={"Parts": [{**listed, "ChecksumSHA256": right}]})


def test_obstore_may_send_checksums_too(cloud: Sandbox) -> None:
    store = S3Store(
        "filings",
        endpoint=cloud.aws_url,
        region="us-east-1",
        access_key_id="sandbox",
        secret_access_key="any",
        checksum_algorithm="SHA256",
        client_options={"allow_http": True},
    )
    obstore.put(store, "by-obstore", b"x" * (6 << 20), use_multipart=True, chunk_size=5 << 20)
    assert obstore.head(store, "by-obstore")["size"] == 6 << 20
