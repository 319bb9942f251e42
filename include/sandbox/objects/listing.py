"""ListObjects, versions 1 and 2: pages of keys in S3's order, with folders rolled up behind a delimiter."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from sandbox.objects.errors import S3Error
from sandbox.objects.store import LAST, ObjectStore

NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


def iso_time(mtime_ns: int) -> str:
    return datetime.fromtimestamp(mtime_ns / 1e9, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def list_objects(store: ObjectStore, bucket: str, query: Mapping[str, str]) -> bytes:
    """One page of `bucket` as XML."""
    second = query.get("list-type") == "2"
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    token = query.get("continuation-token", "")
    try:
        after = base64.urlsafe_b64decode(token).decode() if token else ""
        page = min(int(query.get("max-keys", 1000)), 1000)
    except ValueError:
        raise S3Error("InvalidArgument", "The continuation token or max-keys provided is incorrect") from None
    after = after or query.get("start-after" if second else "marker", "")

    keys, folders, last, more = collect(store, bucket, prefix, delimiter, after, page)

    def shown(text: str) -> str:
        return quote(text, safe="/") if query.get("encoding-type") == "url" else escape(text)

    out = [f'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult {NAMESPACE}><Name>{bucket}</Name>']
    out.append(
        f"<Prefix>{shown(prefix)}</Prefix><MaxKeys>{page}</MaxKeys><IsTruncated>{str(more).lower()}</IsTruncated>"
    )
    if query.get("encoding-type") == "url":
        out.append("<EncodingType>url</EncodingType>")
    if delimiter:
        out.append(f"<Delimiter>{shown(delimiter)}</Delimiter>")
    if second:
        out.append(f"<KeyCount>{len(keys) + len(folders)}</KeyCount>")
        if token:
            out.append(f"<ContinuationToken>{escape(token)}</ContinuationToken>")
        if more:
            following = base64.urlsafe_b64encode(last.encode()).decode()
            out.append(f"<NextContinuationToken>{following}</NextContinuationToken>")
    else:
        out.append(f"<Marker>{shown(after)}</Marker>")
        if more:
            out.append(f"<NextMarker>{shown(last)}</NextMarker>")
    for key in keys:
        entry = store.buckets[bucket].entries[key]
        out.append(
            f"<Contents><Key>{shown(key)}</Key><LastModified>{iso_time(entry.mtime_ns)}</LastModified>"
            f"<ETag>&quot;{entry.etag}&quot;</ETag><Size>{entry.size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
        )
    out.extend(f"<CommonPrefixes><Prefix>{shown(folder)}</Prefix></CommonPrefixes>" for folder in folders)
    out.append("</ListBucketResult>")
    return "".join(out).encode()


def collect(
    store: ObjectStore, bucket: str, prefix: str, delimiter: str, after: str, page: int
) -> tuple[list[str], list[str], str, bool]:
    """Keys and folders of one page, the last name in it, and whether more follow."""
    shelf = store.bucket(bucket)
    keys: list[str] = []
    folders: list[str] = []
    last, place = "", after
    while some := shelf.keys(prefix, place, page + 1):
        for key in some:
            place = key
            if store.find(bucket, key) is None:
                continue
            cut = key.find(delimiter, len(prefix)) if delimiter else -1
            folder = key[: cut + len(delimiter)] if cut >= 0 else ""
            if folder and after.startswith(folder):  # shown on an earlier page
                place = folder + LAST
                break
            if len(keys) + len(folders) >= page:
                return keys, folders, last, True
            last = folder or key
            if folder:
                folders.append(folder)
                place = folder + LAST
                break
            keys.append(key)
    return keys, folders, last, False
