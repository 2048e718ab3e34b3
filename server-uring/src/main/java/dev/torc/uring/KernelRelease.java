package dev.torc.uring;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A Linux version, as far as it says what io_uring can do.
public record KernelRelease(int major, int minor) {
    /// The oldest that Torc's transport runs on: `FIXED_FD_INSTALL` is from there.
    public static final KernelRelease NEEDED = new KernelRelease(6, 8);

    private static final Pattern RELEASE = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\b.*");

    /// Reads a release such as `5.15.0-91-generic`; what it cannot read is 0.0, the oldest.
    public static KernelRelease parse(String release) {
        Matcher numbers = RELEASE.matcher(release);
        if (!numbers.matches()) return new KernelRelease(0, 0);
        return new KernelRelease(
                Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
    }

    public boolean isOlderThan(KernelRelease other) {
        return major < other.major || (major == other.major && minor < other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
