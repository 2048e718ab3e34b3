package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.http.AllocatedBytes;
import dev.torc.http.file.FilePath.Outcome;
import dev.torc.http.message.Ascii;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

class FilePathTest {
    private static final int SOURCE_BYTES_MAX = 20_000;

    private final Arena arena = Arena.ofConfined();
    private final long memory =
            arena.allocate(FilePath.PATH_BYTES_MAX + SOURCE_BYTES_MAX).address();
    private final long source = memory + FilePath.PATH_BYTES_MAX;
    private final FilePath path = new FilePath(memory, false);
    private final FilePath anyPath = new FilePath(memory, true);

    @AfterEach
    void free() {
        arena.close();
    }

    private Outcome decode(FilePath target, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Memory.copy(bytes, 0, source, bytes.length);
        Memory.fence(memory, source + bytes.length);
        try {
            return target.decode(source, bytes.length);
        } finally {
            Memory.unfence();
            assertEquals(0, Memory.getByte(memory + target.length()), "ended by NUL");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, a, 0",
        "a.txt, a.txt, 0",
        "docs/a.txt, docs/a.txt, 5",
        "docs/b/a.txt, docs/b/a.txt, 7",
        "with%20space, with space, 0",
        "r%C3%A9sum%c3%a9, résumé, 0",
        "%61%2Eb, a.b, 0",
        "a..b, a..b, 0",
        "a/...x..., a/...x..., 2",
        "100%25, 100%, 0",
        "%252e%252e/x, %2e%2e/x, 7",
        "a%0Ab%0d%1b%7f, 'a\nb\r\u001b\u007f', 0",
        "a:b;c=d+e@f!, a:b;c=d+e@f!, 0",
        "~user, ~user, 0",
        "C:, C:, 0",
        ".well-known/acme, .well-known/acme, 12",
        "%2Ewell-known/acme, .well-known/acme, 12",
        ".well-known, .well-known, 0"
    })
    void decodesAFile(String text, String decoded, int nameStart) {
        Outcome outcome = decode(decoded.startsWith("a/...") ? anyPath : path, text);
        FilePath target = decoded.startsWith("a/...") ? anyPath : path;
        assertEquals(Outcome.FILE, outcome);
        assertEquals(decoded, target.toString());
        assertEquals(nameStart, target.nameStart());
        assertEquals(decoded.getBytes(StandardCharsets.UTF_8).length, target.length());
        assertEquals(memory, target.address());
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "a/, a, 0",
        "a/b/, a/b, 2",
        "%20/, ' ', 0",
        ".well-known/, .well-known, 0"
    })
    void decodesADirectory(String text, String decoded, int nameStart) {
        assertEquals(Outcome.DIRECTORY, decode(path, text));
        assertEquals(decoded, path.toString());
        assertEquals(nameStart, path.nameStart());
    }

    @ParameterizedTest
    @CsvSource({
        "., DOT_SEGMENT",
        ".., DOT_SEGMENT",
        "../a, DOT_SEGMENT",
        "a/.., DOT_SEGMENT",
        "a/../b, DOT_SEGMENT",
        "a/./b, DOT_SEGMENT",
        "a/../, DOT_SEGMENT",
        "%2e, DOT_SEGMENT",
        "%2e%2e/a, DOT_SEGMENT",
        "%2E./a, DOT_SEGMENT",
        ".%2e/a, DOT_SEGMENT",
        "a/%2e%2E, DOT_SEGMENT",
        ".git/config, HIDDEN",
        "a/.env, HIDDEN",
        "%2eenv, HIDDEN",
        "..., HIDDEN",
        "..;/a, HIDDEN",
        ".well-knownx/a, HIDDEN",
        ".well-know/a, HIDDEN",
        ".Well-Known/a, HIDDEN",
        "a/.well-known, HIDDEN",
        ".well-known/.git, HIDDEN",
        ".well-known/.well-known, HIDDEN",
        "/, EMPTY_SEGMENT",
        "//, EMPTY_SEGMENT",
        "/a, EMPTY_SEGMENT",
        "/etc/passwd, EMPTY_SEGMENT",
        "a//b, EMPTY_SEGMENT",
        "a//, EMPTY_SEGMENT",
        "..%2fa, NOT_A_NAME",
        "..%2Fa, NOT_A_NAME",
        "%2fetc%2fpasswd, NOT_A_NAME",
        "a%2fb, NOT_A_NAME",
        "a%2F, NOT_A_NAME",
        "..%5ca, NOT_A_NAME",
        "a\\b, NOT_A_NAME",
        "a%5Cb, NOT_A_NAME",
        "a%00, NOT_A_NAME",
        "a%00.txt, NOT_A_NAME",
        "%00, NOT_A_NAME",
        "a%, MALFORMED",
        "a%2, MALFORMED",
        "a%zz, MALFORMED",
        "a%2/b, MALFORMED",
        "%%32%65, MALFORMED"
    })
    void refusesWhatIsNoNameInAnyEncoding(String text, Outcome refusal) {
        assertEquals(refusal, decode(path, text));
        assertTrue(refusal.isRefused());
        assertEquals("", path.toString());
        boolean hidden = refusal == Outcome.HIDDEN;
        assertEquals(hidden ? Outcome.FILE : refusal, decode(anyPath, text));
    }

    @Test
    void aFileThatIsBeingUploadedIsHiddenAlways() {
        assertEquals(Outcome.HIDDEN, decode(anyPath, ".torc-upload-1"));
        assertEquals(Outcome.HIDDEN, decode(anyPath, "a/%2etorc-upload-/b"));
        assertEquals(Outcome.FILE, decode(anyPath, ".torc-upload"));
        for (String name : new String[] {".torc-upload-1", ".torc-upload-"}) {
            assertFalse(anyPath.admits(name.getBytes(StandardCharsets.UTF_8), false));
        }
        assertTrue(anyPath.admits(".torc-upload".getBytes(StandardCharsets.UTF_8), false));
    }

    @Test
    void refusesAByteOfNul() {
        assertEquals(Outcome.NOT_A_NAME, decode(path, "a\0b"));
    }

    /// Overlong UTF-8 is not a dot, but bytes of a name that no file has.
    @Test
    void overlongFormsOfADotAreNone() {
        assertEquals(Outcome.FILE, decode(path, "%c0%ae%c0%ae/%c0%af"));
        assertEquals(7, path.length());
    }

    @Test
    void aNameHasABound() {
        String longest = "x".repeat(FilePath.NAME_BYTES_MAX);
        assertEquals(Outcome.FILE, decode(path, longest));
        assertEquals(Outcome.FILE, decode(path, "a/" + longest + "/b"));
        assertEquals(Outcome.FILE, decode(path, "%78".repeat(FilePath.NAME_BYTES_MAX)));
        assertEquals(Outcome.TOO_LONG, decode(path, longest + "x"));
        assertEquals(Outcome.TOO_LONG, decode(path, "a/" + longest + "x/b"));
        assertEquals(Outcome.TOO_LONG, decode(path, "%c3%a9".repeat(128)));
    }

    @Test
    void aPathHasABound() {
        String most = "x/".repeat(FilePath.PATH_BYTES_MAX / 2 - 1) + "x";
        assertEquals(FilePath.PATH_BYTES_MAX - 1, most.length());
        assertEquals(Outcome.FILE, decode(path, most));
        assertEquals(FilePath.PATH_BYTES_MAX - 1, path.length());
        assertEquals(Outcome.DIRECTORY, decode(path, most + "/"));
        assertEquals(Outcome.TOO_LONG, decode(path, most + "x"));
        assertEquals(Outcome.TOO_LONG, decode(path, most + "/x"));
        assertEquals(Outcome.TOO_LONG, decode(path, "x/".repeat(9000)));
    }

    @Test
    void goesOnToOtherNames() {
        decode(path, "");
        assertTrue(path.enter(Ascii.bytes("index.html")));
        assertEquals("index.html", path.toString());
        decode(path, "docs/api/");
        assertTrue(path.enter(Ascii.bytes("index.html")));
        assertEquals("docs/api/index.html", path.toString());
        assertEquals(9, path.nameStart());
        int length = path.length();
        assertTrue(path.append(Ascii.bytes(".gz")));
        assertEquals("docs/api/index.html.gz", path.toString());
        path.truncate(length);
        assertEquals("docs/api/index.html", path.toString());
        assertEquals(0, Memory.getByte(memory + length));
    }

    @Test
    void goesNowhereWithoutRoom() {
        String most = "x/".repeat(FilePath.PATH_BYTES_MAX / 2 - 1) + "x";
        decode(path, most + "/");
        assertFalse(path.append(Ascii.bytes("y")));
        assertFalse(path.enter(Ascii.bytes("y")));
        assertEquals(most, path.toString());
        decode(path, most.substring(0, most.length() - 2) + "/");
        assertFalse(path.enter(Ascii.bytes("yz")));
        assertTrue(path.enter(Ascii.bytes("y")));
        assertEquals(0, Memory.getByte(memory + path.length()));
    }

    /// What a listing shows can be asked for, and nothing else can.
    @Test
    void admitsExactlyTheNamesThatCanBeAskedFor() {
        long seed = Seed.next();
        Random random = new Random(seed);
        String some = "..../\\\0aé%-";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(5);
            for (int i = 0; i < length; i++)
                text.append(some.charAt(random.nextInt(some.length())));
            if (round % 50 == 0) text.setLength(0);
            if (round % 50 == 1) text.replace(0, text.length(), ".well-known");
            if (round % 50 == 2) text.append("x".repeat(253));
            byte[] name = text.toString().getBytes(StandardCharsets.UTF_8);
            StringBuilder encoded = new StringBuilder();
            PercentEncoding.append(name, encoded);
            String message = "seed=" + seed + ", name=" + text;
            for (FilePath target : new FilePath[] {path, anyPath}) {
                boolean inRoot = decode(target, encoded.toString()) == Outcome.FILE;
                assertEquals(inRoot, target.admits(name, true), message);
                boolean below = decode(target, "d/" + encoded) == Outcome.FILE;
                boolean directory = name.length == 0;
                assertEquals(below && !directory, target.admits(name, false), message);
            }
        }
    }

    /// Whatever is accepted stays below the root, by the judgement of the JDK.
    @Test
    void neverLeadsOutOfTheRoot() {
        long seed = Seed.next();
        Random random = new Random(seed);
        String[] parts = {
            "..", ".", "/", "%2e", "%2f", "%5c", "a", "%00", "%25", ";", "\\", "%", "é"
        };
        Path root = Path.of("root");
        int accepted = 0;
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            int count = random.nextInt(8);
            for (int i = 0; i < count; i++) text.append(parts[random.nextInt(parts.length)]);
            FilePath target = round % 2 == 0 ? path : anyPath;
            if (decode(target, text.toString()).isRefused()) continue;
            accepted++;
            Path resolved = root.resolve(target.toString());
            String message = "seed=" + seed + ", path=" + text;
            assertEquals(resolved, resolved.normalize(), message);
            assertTrue(resolved.startsWith(root), message);
        }
        assertTrue(accepted > 1000, "accepted=" + accepted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/r%C3%A9sum%C3%A9.txt", "../x", ""})
    void decodingAllocatesNothing(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Memory.copy(bytes, 0, source, bytes.length);
        long allocated =
                AllocatedBytes.steady(
                        () -> {
                            for (int i = 0; i < 20_000; i++) path.decode(source, bytes.length);
                        });
        assertEquals(0, allocated);
    }

    @Test
    void becomesNoPathThatThereIsNoRoomFor() {
        byte[] longest = "x".repeat(FilePath.PATH_BYTES_MAX - 1).getBytes(StandardCharsets.UTF_8);
        path.set(longest);
        assertEquals(longest.length, path.length());
        byte[] tooLong = new byte[FilePath.PATH_BYTES_MAX];
        assertThrows(IllegalArgumentException.class, () -> path.set(tooLong));
        assertEquals(longest.length, path.length());
    }
}
