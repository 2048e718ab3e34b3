package dev.torc.standalone.doctor;

import dev.torc.core.spi.TransportProvider;
import dev.torc.uring.KernelRelease;
import dev.torc.uring.Ring;

/// The kernel and the JVM.
record SystemFindings(String system, String kernel, boolean nativeAccess) {
    private static final String MODULES = "dev.torc.core,dev.torc.uring";

    static SystemFindings ofThisProcess() {
        boolean nativeAccess =
                TransportProvider.class.getModule().isNativeAccessEnabled()
                        && Ring.class.getModule().isNativeAccessEnabled();
        return new SystemFindings(
                System.getProperty("os.name", Finding.UNKNOWN),
                System.getProperty("os.version", Finding.UNKNOWN),
                nativeAccess);
    }

    Section section() {
        return Section.of("system", kernelFinding(), java(), nativeFinding());
    }

    private Finding kernelFinding() {
        String found = system + " " + kernel + " on " + System.getProperty("os.arch");
        String needed = KernelRelease.NEEDED + " for uring";
        if (!system.equals("Linux")) return Finding.note("kernel", found, "Linux " + needed);
        return KernelRelease.parse(kernel).isOlderThan(KernelRelease.NEEDED)
                ? Finding.warning(
                        "kernel", found, needed, "use Linux " + KernelRelease.NEEDED + " or newer")
                : Finding.ok("kernel", found, needed);
    }

    private static Finding java() {
        String found = Runtime.version() + ", " + System.getProperty("java.vendor");
        return Finding.ok("java", found, "25");
    }

    private Finding nativeFinding() {
        return nativeAccess
                ? Finding.ok("native access", "enabled", "enabled")
                : Finding.warning(
                        "native access",
                        "not enabled",
                        "enabled",
                        "java --enable-native-access=" + MODULES);
    }
}
