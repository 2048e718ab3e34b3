package dev.torc.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Runs a target without Jazzer: on given inputs, or on seeds that chance has changed, the same for
/// the same seed of randomness.
public final class FuzzRun {
    private static final byte[] TROUBLE =
            "\r\n\t\0 :;,/?#%@*=\"\\_-.~0159aAfFzZ[]{}<>()^`|\u007f\u0080\u00c3\u00e9\u00ff"
                    .getBytes(StandardCharsets.ISO_8859_1);
    private static final int CHANGES_MAX = 6;
    private static final int SEED_BYTES_MAX = 4096;
    private static final int SHOWN_BYTES_MAX = 1000;

    private final List<byte[]> seeds;
    private final Consumer<byte[]> check;

    FuzzRun(FuzzTarget target) {
        this(target.seeds(), target::check);
    }

    public FuzzRun(List<byte[]> seeds, Consumer<byte[]> check) {
        this.seeds = seeds;
        this.check = check;
    }

    /// Checks one input.
    void check(byte[] input) {
        try {
            check.accept(input);
        } catch (Throwable failure) {
            throw new AssertionError(failure.getMessage() + "\ninput: " + shown(input), failure);
        }
    }

    /// Checks mutated seeds, and says at which the target failed.
    public void mutate(long seed, int executions) {
        List<byte[]> small = seeds.stream().filter(one -> one.length <= SEED_BYTES_MAX).toList();
        Random random = new Random(seed);
        for (int execution = 0; execution < executions; execution++) {
            byte[] input = mutated(small, random);
            try {
                check(input);
            } catch (AssertionError failure) {
                String where = "seed " + seed + ", execution " + execution + ": ";
                throw new AssertionError(where + failure.getMessage(), failure);
            }
        }
    }

    private static byte[] mutated(List<byte[]> seeds, Random random) {
        byte[] input = seeds.get(random.nextInt(seeds.size()));
        for (int changes = 1 + random.nextInt(CHANGES_MAX); changes > 0; changes--) {
            input = changed(input, seeds, random);
        }
        return input;
    }

    private static byte[] changed(byte[] input, List<byte[]> seeds, Random random) {
        int at = random.nextInt(input.length + 1);
        int end = at + random.nextInt(Math.min(20, input.length - at) + 1);
        byte[] trouble = {TROUBLE[random.nextInt(TROUBLE.length)]};
        byte[] any = {(byte) random.nextInt(256)};
        return switch (random.nextInt(8)) {
            case 0 -> joined(input, at, Math.min(input.length, at + 1), new byte[0]);
            case 1 -> joined(input, at, end, new byte[0]);
            case 2 -> joined(input, at, at, trouble);
            case 3 -> joined(input, at, Math.min(input.length, at + 1), trouble);
            case 4 -> joined(input, at, Math.min(input.length, at + 1), any);
            case 5 -> joined(input, end, end, Arrays.copyOfRange(input, at, end)); // once more
            case 6 -> joined(input, at, end, part(seeds, random));
            default -> Arrays.copyOf(input, at);
        };
    }

    private static byte[] part(List<byte[]> seeds, Random random) {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int start = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(
                other, start, start + random.nextInt(Math.min(20, other.length - start) + 1));
    }

    /// `input` with `[start, end)` replaced.
    private static byte[] joined(byte[] input, int start, int end, byte[] replacement) {
        byte[] joined = new byte[start + replacement.length + input.length - end];
        System.arraycopy(input, 0, joined, 0, start);
        System.arraycopy(replacement, 0, joined, start, replacement.length);
        System.arraycopy(input, end, joined, start + replacement.length, input.length - end);
        return joined;
    }

    private static String shown(byte[] input) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(input.length, SHOWN_BYTES_MAX); i++) {
            int octet = input[i] & 0xff;
            boolean plain = octet >= ' ' && octet < 0x7f && octet != '\\';
            text.append(plain ? String.valueOf((char) octet) : "\\x%02x".formatted(octet));
        }
        return text + (input.length > SHOWN_BYTES_MAX ? "... " + input.length + " bytes" : "");
    }
}
