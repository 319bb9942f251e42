"""S3's error answers, by the codes that clients act on."""

from __future__ import annotations

from xml.sax.saxutils import escape

STATUS = {
    "NoSuchKey": (404, "The specified key does not exist."),
    "NoSuchBucket": (404, "The specified bucket does not exist."),
    "NoSuchUpload": (404, "The specified multipart upload does not exist."),
    "PreconditionFailed": (412, "At least one of the pre-conditions you specified did not hold"),
    "InvalidAccessKeyId": (403, "The access key of this request does not belong to this endpoint."),
    "AccessDenied": (403, "Access Denied: the request is not signed."),
    "InvalidPart": (400, "One or more of the specified parts could not be found, or their entity tags differ."),
    "InvalidPartOrder": (400, "The list of parts was not in ascending order."),
    "EntityTooSmall": (400, "Every part but the last must have at least 5 MiB."),
    "InvalidRange": (416, "The requested range is not satisfiable"),
    "InvalidArgument": (400, "Invalid Argument"),
    "InvalidRequest": (400, "Invalid Request"),
    "BadDigest": (400, "The Content-MD5 you specified did not match what we received."),
    "InvalidDigest": (400, "The checksum you specified is not valid."),
    "XAmzContentSHA256Mismatch": (400, "The provided 'x-amz-content-sha256' header does not match what was computed."),
    "MalformedXML": (400, "The XML you provided was not well-formed."),
    "BucketNotEmpty": (409, "The bucket you tried to delete is not empty."),
    "BucketAlreadyOwnedByYou": (409, "The bucket you tried to create already exists, and you own it."),
    "ConditionalRequestConflict": (409, "A conflicting operation occurred while this one was under way. Try again."),
    "RequestTimeout": (400, "Your socket connection to the server was not read from or written to in time."),
    "SlowDown": (503, "Please reduce your request rate."),
    "InternalError": (500, "We encountered an internal error. Please try again."),
    "ServiceUnavailable": (503, "Service is unable to handle request."),
    "InsufficientStorage": (507, "There is no space left on the device that holds this bucket."),
    "NotImplemented": (501, "The sandbox does not have this part of S3."),
}


class S3Error(Exception):
    """An answer that is not the object: `code` as S3 names it."""

    def __init__(self, code: str, message: str | None = None) -> None:
        self.code = code
        self.status, default = STATUS[code]
        self.message = message or default
        super().__init__(f"{code}: {self.message}")

    def xml(self, resource: str) -> bytes:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error><Code>{self.code}</Code><Message>{escape(self.message)}</Message>"
            f"<Resource>{escape(resource)}</Resource><RequestId>sandbox</RequestId></Error>"
        ).encode()
