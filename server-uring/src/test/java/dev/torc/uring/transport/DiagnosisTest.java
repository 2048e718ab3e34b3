package dev.torc.uring.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.spi.TransportProvider.Verdict;
import dev.torc.uring.Confinement;
import dev.torc.uring.RingException;
import dev.torc.uring.constants.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.OptionalInt;

/// What each errno means, in words.
class DiagnosisTest {
    private static final String NEW = "6.18.1";

    @Test
    void aFilterIsNamedWithTheProfileThatAllowsIt() {
        String remedy = "; docker run --security-opt seccomp=torc-seccomp.json";
        assertEquals(
                "io_uring_setup: EPERM (not permitted): a seccomp filter refuses it" + remedy,
                passedOver(NEW, confinement(2, 0), Errno.EPERM).message());
        assertEquals(
                "io_uring_setup: ENOSYS (no such system call): a seccomp filter refuses it"
                        + remedy,
                passedOver(NEW, confinement(2, 0), Errno.ENOSYS).message());
    }

    @Test
    void theSysctlIsNamedBeforeTheFilter() {
        for (int seccomp : new int[] {0, 2}) {
            assertEquals(
                    "io_uring_setup: EPERM (not permitted): kernel.io_uring_disabled is 2;"
                            + " sysctl -w kernel.io_uring_disabled=0",
                    passedOver(NEW, confinement(seccomp, 2), Errno.EPERM).message());
        }
        assertEquals(
                "io_uring_setup: EPERM (not permitted): kernel.io_uring_disabled is 1 and this"
                        + " process neither has CAP_SYS_ADMIN nor is in kernel.io_uring_group -1",
                passedOver(NEW, confinement(0, 1), Errno.EPERM).reason());
    }

    @Test
    void anOldKernelIsNamedFirstSinceNothingElseHelpsThere() {
        for (int errno : new int[] {Errno.EPERM, Errno.ENOSYS, Errno.EINVAL}) {
            Verdict verdict = passedOver("6.1.0-28-amd64", confinement(2, 2), errno);
            assertTrue(verdict.reason().endsWith(": this is Linux 6.1.0-28-amd64"));
            assertEquals("use Linux 6.8 or newer", verdict.remedy());
        }
    }

    @Test
    void withoutAFilterTheKernelItselfOrASecurityModuleRefuses() {
        String missing = passedOver(NEW, confinement(0, 0), Errno.ENOSYS).message();
        assertTrue(missing.contains("CONFIG_IO_URING"), missing);
        String denied = passedOver(NEW, confinement(0, 0), Errno.EACCES).message();
        assertTrue(denied.contains("SELinux"), denied);
    }

    @Test
    void anyOtherErrorIsGivenAsItIs() {
        Verdict verdict = passedOver(NEW, confinement(2, 0), Errno.EBUSY);
        assertEquals("io_uring_setup: EBUSY (busy): this is Linux 6.18.1", verdict.reason());
    }

    @Test
    void missingOperationsAreNamed() {
        Verdict verdict = diagnosis("6.6.1", confinement(0, 0)).lacking(List.of("A", "B"));
        assertEquals(
                "this kernel's io_uring is without A, B: it is Linux 6.6.1; use Linux 6.8 or newer",
                verdict.message());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE})
    void whatRunsOutIsNotForAutoToPassOver(int errno) {
        for (String release : new String[] {NEW, "5.15.0"}) {
            Verdict verdict =
                    diagnosis(release, confinement(2, 2))
                            .of(new RingException("io_uring_setup", -errno));
            assertFalse(verdict.works());
            assertTrue(verdict.exhausted());
            assertTrue(verdict.reason().contains(Errno.describe(errno)), verdict.reason());
            assertTrue(verdict.remedy().matches("(ulimit|sysctl) .*"), verdict.remedy());
        }
    }

    private static Verdict passedOver(String release, Confinement confinement, int errno) {
        RingException refused = new RingException("io_uring_setup", -errno);
        Verdict verdict = diagnosis(release, confinement).of(refused);
        assertFalse(verdict.works());
        assertFalse(verdict.exhausted());
        return verdict;
    }

    private static Diagnosis diagnosis(String release, Confinement confinement) {
        return new Diagnosis(confinement, release);
    }

    private static Confinement confinement(int seccomp, int disabled) {
        return new Confinement(
                OptionalInt.of(seccomp),
                OptionalInt.of(0),
                OptionalInt.of(disabled),
                OptionalInt.of(-1),
                false);
    }
}
