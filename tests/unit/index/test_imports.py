import pytest

from pointsman.index.catalogue import Catalogue
from pointsman.index.imports import Layout
from pointsman.index.rows import Stamp, row
from pointsman.index.symbols import extract

FILES = """
    app/__init__.py app/models.py app/web/views.py app/json/__init__.py app/types.py lib/models.py scripts/helper.py
    packages/core/src/index.ts packages/core/src/v4/index.ts packages/core/src/v4/util.ts packages/core/src/types.d.ts
    packages/core/src/button.tsx packages/core/src/button.css
    packages/run-time/src/index.ts packages/web/src/main.ts packages/web/src/types.ts packages/web/src/next.config.mjs
    packages/web/src/helpers/index.ts
    tokio/src/lib.rs tokio/src/sync/mod.rs tokio/src/sync/mutex.rs tokio/src/fs/mod.rs tokio-util/src/lib.rs
    tokio-util/src/codec.rs tokio-util/tests/codec.rs
    client/v3/watch.go client/v3/watch_test.go client/pkg/types/id.go server/etcdserver/server.go server/types/id.go
    crates/matcher/src/lib.rs crates/matcher/src/set.rs crates/json.rs util/buf.c util/buf.h other/buf.h
    api/apps/v1/pod.go api/apps/v2/pod.go
"""


@pytest.mark.parametrize(
    ("path", "name", "found"),
    [
        ("app/web/views.py", "app.models.Cart", "app/models.py"),
        ("app/web/views.py", "..models", "app/models.py"),
        ("app/web/views.py", "app", "app/__init__.py"),
        ("app/web/views.py", "os.path", ""),
        ("app/web/views.py", "app.json.dumps", "app/json/__init__.py"),
        ("app/web/views.py", "json.dumps", ""),
        ("app/models.py", "types", ""),
        ("app/models.py", ".types", "app/types.py"),
        ("scripts/run.py", "helper", "scripts/helper.py"),
        # TypeScript: the compiled file's name, a folder, other packages, and what is in no file here
        ("packages/core/src/v4/index.ts", "./util.js", "packages/core/src/v4/util.ts"),
        ("packages/core/src/v4/index.ts", "./util", "packages/core/src/v4/util.ts"),
        ("packages/core/src/v4/index.ts", "..", "packages/core/src/index.ts"),
        ("packages/core/src/v4/index.ts", "../types", "packages/core/src/types.d.ts"),
        ("packages/core/src/v4/index.ts", "../button", "packages/core/src/button.tsx"),
        ("packages/core/src/v4/index.ts", "../../src", "packages/core/src/index.ts"),
        ("packages/web/src/main.ts", "./missing.js", ""),
        ("packages/web/src/main.ts", "core", "packages/core/src/index.ts"),
        ("packages/web/src/main.ts", "core/v4/util", "packages/core/src/v4/util.ts"),
        ("packages/web/src/main.ts", "@our/core/v4", "packages/core/src/v4/index.ts"),
        ("packages/web/src/main.ts", "@our/run-time", "packages/run-time/src/index.ts"),
        ("packages/web/src/main.ts", "@/helpers", "packages/web/src/helpers/index.ts"),
        ("packages/web/src/main.ts", "~/types", "packages/web/src/types.ts"),
        ("packages/web/src/main.ts", "@babel/types", ""),
        ("packages/web/src/main.ts", "next/link", ""),
        # Rust: crates by their hyphened folders, groups, and the standard library
        ("tokio-util/src/codec.rs", "tokio::sync::Mutex", "tokio/src/sync/mod.rs"),
        (
            "tokio-util/src/codec.rs",
            "tokio::sync::{mutex::{self, Guard}, Mutex as M}",
            "mutex.rs tokio/src/sync/mod.rs",
        ),
        ("tokio/src/lib.rs", "tokio_util::codec::Framed", "tokio-util/src/codec.rs"),
        ("tokio/src/sync/mutex.rs", "std::fs::{self, File}", ""),
        ("tokio/src/sync/mutex.rs", "crate::fs::File", "tokio/src/fs/mod.rs"),
        ("tokio/src/lib.rs", "grep_matcher::Match", "crates/matcher/src/lib.rs"),
        ("tokio/src/lib.rs", "grep_matcher::set::Set", "crates/matcher/src/set.rs"),
        ("tokio/src/lib.rs", "serde_json::Value", ""),
        # C: a header, and what it is the header of
        ("util/main.c", "buf.h", "util/buf.c util/buf.h"),
        ("main.c", "other/buf.h", "other/buf.h"),
        ("main.c", "stdio.h", ""),
        # Go: the version of a module stands in its imports, mostly not in its folder
        ("server/types/id.go", "go.our.io/our/client/v3", "client/v3/watch.go"),
        ("server/types/id.go", "go.our.io/our/server/v3/etcdserver", "server/etcdserver/server.go"),
        ("server/etcdserver/server.go", "go.our.io/our/client/pkg/v3/types", "client/pkg/types/id.go"),
        ("server/etcdserver/server.go", "go.our.io/our/api/apps/v2", "api/apps/v2/pod.go"),
        ("server/etcdserver/server.go", "github.com/other/types", ""),
    ],
)
def test_an_import_leads_to_the_file_it_means(path, name, found):
    layout = Layout()
    for file in FILES.split():
        layout.add(file)
    got = layout.resolve(path, name)
    assert len(got) == len(found.split())
    assert all(file.endswith(end) for file, end in zip(got, found.split(), strict=True))


def test_a_file_is_known_by_those_that_import_it_whatever_they_call_it():
    catalogue = Catalogue()
    sources = {
        "packages/core/src/index.ts": "export const one = 1;",
        "packages/web/src/main.ts": "import { one } from '@our/core';",
        "packages/core/src/near.ts": "import { one } from './index.js';",
        "packages/core/src/far.ts": "import { one } from 'elsewhere';",
        "tokio-util/src/lib.rs": "pub fn one() {}",
        "examples/one.rs": "use tokio_util::one;",
    }
    for path, text in sources.items():
        data = text.encode()
        catalogue.put(row(path, Stamp(len(data), 0), extract(path, data)))
    assert catalogue.importers("packages/core/src/index.ts") == (
        "packages/core/src/near.ts",
        "packages/web/src/main.ts",
    )
    assert catalogue.importers("tokio-util/src/lib.rs") == ("examples/one.rs",)
