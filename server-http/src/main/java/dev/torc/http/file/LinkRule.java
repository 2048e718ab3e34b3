package dev.torc.http.file;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// Which links below a root a request may follow: those that its transport does when it opens files
/// ([dev.torc.core.spi.Filesystem]). Reads links by name, so what they led to may be another thing
/// the next moment: whoever enters it follows none any more ([HeldDirectory]).
///
/// Blocks; any thread.
///
/// @param root a real path
/// @param follows whether links are followed at all
/// @param followsDetours whether also by way of what is not below the root
record LinkRule(Path root, boolean follows, boolean followsDetours) {
    /// How many links the kernel follows for one path (path_resolution(7)).
    private static final int LINKS_MAX = 40;

    /// Where `wanted`, which is `root` or below it, leads; null if it may not be followed. Whether
    /// anything is there the caller will see.
    @Nullable Path resolve(Path wanted) throws IOException {
        if (follows && !followsDetours) return resolveBeneath(root.relativize(wanted));
        Path real = wanted.toRealPath();
        boolean allowed = follows ? real.startsWith(root) : real.equals(wanted);
        return allowed ? real : null;
    }

    /// As `RESOLVE_BENEATH` of openat2(2) has it: no step leads out of the root, to come back or
    /// not.
    private @Nullable Path resolveBeneath(Path below) throws IOException {
        Deque<Path> steps = new ArrayDeque<>();
        below.forEach(steps::addLast);
        Path at = root;
        int links = 0;
        while (!steps.isEmpty()) {
            Path step = steps.removeFirst();
            Path next = next(at, step);
            if (next == null) return null;
            if (!Files.isSymbolicLink(next)) {
                at = next;
                continue;
            }
            Path target = Files.readSymbolicLink(next);
            if (target.isAbsolute() || ++links > LINKS_MAX) return null;
            for (int i = target.getNameCount() - 1; i >= 0; i--) steps.addFirst(target.getName(i));
        }
        return at;
    }

    /// What is one step from `at`; null if that leads out of the root.
    private @Nullable Path next(Path at, Path step) {
        return switch (step.toString()) {
            case "", "." -> at;
            case ".." -> at.equals(root) ? null : at.resolveSibling("");
            default -> at.resolve(step);
        };
    }
}
