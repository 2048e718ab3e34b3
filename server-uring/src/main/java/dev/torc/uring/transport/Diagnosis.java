package dev.torc.uring.transport;

import dev.torc.core.spi.TransportProvider.Verdict;
import dev.torc.uring.Confinement;
import dev.torc.uring.KernelRelease;
import dev.torc.uring.RingException;
import dev.torc.uring.constants.Errno;

import java.nio.file.Path;
import java.util.List;

/// Tells from the errno, the kernel and what confines this process why it has no ring.
record Diagnosis(Confinement confinement, String release) {
    private static final String ALLOW = "docker run --security-opt seccomp=torc-seccomp.json";

    static Diagnosis ofThisProcess() {
        return new Diagnosis(
                Confinement.read(Path.of("/")), System.getProperty("os.version", "unknown"));
    }

    /// What `refused` means for a server. Out of descriptors or memory, a ring would work after
    /// all: that is not for `auto` to pass over.
    Verdict of(RingException refused) {
        String what = refused.getMessage() + ": ";
        return switch (refused.errno()) {
            case Errno.ENOMEM ->
                    exhausted(what + "too little memory may be locked", "ulimit -l unlimited");
            case Errno.EMFILE ->
                    exhausted(what + "the limit of open files is used up", "ulimit -n 65536");
            case Errno.ENFILE ->
                    exhausted(
                            what + "this machine has too many open files",
                            "sysctl -w fs.file-max=1000000");
            default -> refusal(what, refused.errno());
        };
    }

    /// The kernel has a ring, but not all that the transport needs.
    Verdict lacking(List<String> operations) {
        return no(
                "this kernel's io_uring is without "
                        + String.join(", ", operations)
                        + ": it is Linux "
                        + release,
                newer());
    }

    private Verdict refusal(String what, int errno) {
        if (KernelRelease.parse(release).isOlderThan(KernelRelease.NEEDED)) {
            return no(what + "this is Linux " + release, newer());
        }
        boolean permission = errno == Errno.EPERM || errno == Errno.EACCES;
        if (permission && confinement.isDisabled()) {
            return no(what + sysctl(), "sysctl -w kernel.io_uring_disabled=0");
        }
        if (confinement.isFiltered() && (permission || errno == Errno.ENOSYS)) {
            return no(what + "a seccomp filter refuses it", ALLOW);
        }
        if (permission) {
            return no(
                    what + "neither seccomp nor kernel.io_uring_disabled refuses it",
                    "allow it in the security module (SELinux, AppArmor)");
        }
        if (errno == Errno.ENOSYS) {
            return no(
                    what + "no seccomp filter refuses it",
                    "use a kernel with CONFIG_IO_URING; a sandbox such as gVisor has none");
        }
        return no(what + "this is Linux " + release, "torc doctor shows what this kernel offers");
    }

    private String sysctl() {
        int disabled = confinement.disabled().orElse(0);
        String text = "kernel.io_uring_disabled is " + disabled;
        if (disabled != 1) return text;
        return text
                + " and this process neither has CAP_SYS_ADMIN nor is in kernel.io_uring_group "
                + confinement.group().orElse(-1);
    }

    private static String newer() {
        return "use Linux " + KernelRelease.NEEDED + " or newer";
    }

    private static Verdict no(String reason, String remedy) {
        return new Verdict(false, reason, remedy, false, List.of());
    }

    private static Verdict exhausted(String reason, String remedy) {
        return new Verdict(false, reason, remedy, true, List.of());
    }
}
