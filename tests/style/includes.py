#!/usr/bin/env python3
"""includes.py ROOT: who may include whom, as daemon/README.md draws it."""
import functools
import posixpath

import source_tree

# Where names in quotes are looked for.
ROOTS = ("daemon", "plugins", "", "tests")

# A folder may include files of itself and of these. A folder not listed has the rule of the one that
# it is in.
INTERFACE = {"daemon/base", "daemon/frame", "daemon/plugin"}
MODEL = {f"daemon/control/{name}.h" for name in
         ("changes", "configuration", "edit", "event", "model", "model_changes", "model_difference", "open_ports", "plan", "reservations",
          "rules", "vnic_chooser", "vnic_pairing", "vnics")}
STATUS = {f"daemon/control/{name}.h" for name in ("commands", "event_journal", "loop", "status", "survey")}
GENERATED = {"hpvmnet/v1"}
HEALTH = {"grpc/health/v1"}
ALLOWED = {
    "daemon/base": set(),
    "daemon/frame": {"daemon/base"},
    "daemon/plugin": {"daemon/base", "daemon/frame"},
    "daemon/plugin/host": INTERFACE,
    "daemon/offload": {"daemon/base", "daemon/frame"},
    "daemon/capture": {"daemon/base", "daemon/frame"},
    "daemon/switch": INTERFACE | {"daemon/capture", "daemon/offload"},
    "daemon/trace": INTERFACE | {"daemon/switch"},
    "daemon/multicast": INTERFACE | {"daemon/offload", "daemon/switch"},
    "daemon/worker": INTERFACE | {"daemon/switch"},
    "daemon/control": INTERFACE | {"daemon/capture", "daemon/trace", "daemon/multicast", "daemon/switch", "daemon/worker"},
    "daemon/store": {"daemon/base"} | MODEL,
    "daemon/remote": {"daemon/base", "daemon/plugin"},
    "daemon/rpc": {"daemon/base", "daemon/capture", "daemon/trace", "daemon/remote"} | MODEL | STATUS | GENERATED | HEALTH,
    "daemon/process": {"daemon/base"},
    "daemon/http": {"daemon/base"},
    "daemon/metrics": {"daemon/base", "daemon/frame"} | MODEL | STATUS,
    "daemon/web": {"daemon/base", "daemon/http", "daemon/metrics", "daemon/rpc/convert.h", "daemon/rpc/visits.h"}
                  | MODEL | STATUS | GENERATED,
    "daemon": {"daemon"},  # main.cc lists the parts
    "cli": GENERATED,
}
# The desired state and all judgement about it are pure: these files include nothing else.
PURE = {name.removesuffix(".h") for name in MODEL}
PURE_ALLOWED = MODEL | {"daemon/base"}

# Files in which frames move. What they include, however indirectly, is none of FORBIDDEN.
PACKET_PATH = ("daemon/capture/", "daemon/frame/", "daemon/offload/", "daemon/switch/", "daemon/worker/", "plugins/avio_lan/ring/",
               "plugins/host/lend.", "plugins/host/own_queue.", "plugins/host/rest.",
               "plugins/host/tap_queue.", "plugins/host/wake_set.",
               "plugins/lan/datagram_link.", "plugins/lan/frame_reader.", "plugins/lan/gathering.",
               "plugins/lan/lend.", "plugins/lan/link.", "plugins/lan/patience.",
               "plugins/lan/stream_egress.", "plugins/lan/stream_link.",
               "plugins/uplink/packet_wire.", "plugins/uplink/wire.",
               "plugins/uplink/xdp_queue.")
FORBIDDEN = ("daemon/base/log.h", "daemon/base/subject_log.h", "daemon/control/", "daemon/store/",
             "daemon/rpc/", "daemon/remote/", "daemon/process/", "daemon/plugin/adaptor.h", "fmt/")

# The folders that may include a third-party library. A folder's own folders are not meant.
LIBRARIES = {
    "CLI": {"cli", "daemon/process"},
    "curses.h": {"cli/top"},
    "bpf": {"plugins/uplink"},
    "event2": {"daemon/control"},
    "fmt": None,  # for texts, anywhere but in the packet path
    "google": {"cli", "daemon/rpc", "daemon/web"},
    "grpc": {"cli", "daemon/rpc"},
    "grpcpp": {"cli", "daemon/rpc"},
    "pcap": {"cli", "daemon/capture"},
    "openssl": {"cli", "daemon/remote"},
    "libmnl": {"plugins/host"},
    "microhttpd.h": {"daemon/http"},
    "prometheus": {"daemon/metrics"},
    "spdlog": {"daemon/process"},
    "sqlite3.h": {"daemon/store"},
    "systemd": {"daemon/process"},
    "tinyxml2.h": {"cli"},
    "tl": {"cli", "daemon/base"},
    "urcu": {"daemon/worker"},
    "urcu.h": {"daemon/worker"},
    "yaml-cpp": {"cli/yaml"},
    "xdp": {"plugins/uplink"},
}
SYSTEM = {"arpa", "asm", "linux", "net", "netinet", "sys"}


def allowed_for(file):
    """What a file may include besides its own folder's; None: anything."""
    if posixpath.splitext(file)[0] in PURE:
        return PURE_ALLOWED
    folder = posixpath.dirname(file)
    if folder.startswith("plugins/samples/"):
        return INTERFACE  # of which only what is installed: the system test builds them so
    if folder.startswith("plugins/"):
        return INTERFACE | {"plugins/host", "/".join(folder.split("/")[:2])}
    while folder not in ALLOWED:
        folder = posixpath.dirname(folder)
        if not folder:
            return None
    top = {folder} if folder != "daemon" else set()
    return ALLOWED[folder] | top


def is_among(file, allowed):
    """`allowed` has files, and folders without the folders in them, but for a plugin's own."""
    folder = posixpath.dirname(file)
    if file in allowed or folder in allowed:
        return True
    return any(folder.startswith(a + "/") for a in allowed
               if a.startswith(("plugins/", "cli")) or a == "daemon")


def resolve(tree, name):
    """The file of the tree that a name in quotes means; generated files keep their name."""
    for root in ROOTS:
        file = posixpath.join(root, name)
        if tree.exists(file):
            return file
    if name.endswith(".skel.h"):
        return posixpath.join("plugins", name)
    return name if name.endswith(".pb.h") else None


def library_findings(file, include):
    first = include.name.split("/")[0]
    where = f"{file}:{include.line}"
    if first not in LIBRARIES:
        if "/" in include.name and first not in SYSTEM:
            yield f"{where}: <{include.name}> is of a library that tests/style/includes.py does not know"
        return
    folders = LIBRARIES[first]
    folder = posixpath.dirname(file)
    if folders is not None and folder not in folders:
        yield f"{where}: <{include.name}> belongs to {' and '.join(sorted(folders))} alone"


def check(tree):
    @functools.lru_cache(maxsize=None)
    def reached(file):
        """All that a file includes, however indirectly, with the way there."""
        found, open_ends = {}, [(file, ())]
        while open_ends:
            at, way = open_ends.pop()
            for include in tree.includes(at) if tree.exists(at) else ():
                target = resolve(tree, include.name) if include.project else include.name
                if target and target not in found:
                    found[target] = way + (at,)
                    open_ends.append((target, found[target]))
        return found

    for file in tree.files(*source_tree.SOURCES, under=("cli", "daemon", "plugins")):
        allowed = allowed_for(file)
        for include in tree.includes(file):
            if not include.project:
                yield from library_findings(file, include)
                continue
            target = resolve(tree, include.name)
            where = f"{file}:{include.line}"
            if target is None:
                yield f'{where}: "{include.name}" is no file below {", ".join(ROOTS)}'
            elif target.startswith("tests/"):
                yield f"{where}: {target} is for tests"
            elif allowed is not None and not is_among(target, allowed):
                yield f"{where}: {posixpath.dirname(file)} may not include {target}"
        if file.startswith(PACKET_PATH):
            for target, way in reached(file).items():
                if target.startswith(FORBIDDEN):
                    way = " → ".join((*way, target))
                    yield f"{file}: frames move here, and it reaches what may wait: {way}"


if __name__ == "__main__":
    source_tree.main(check)
