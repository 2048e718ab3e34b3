package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

class TagPolicyTest {
    private static final long NOW = 1_790_000_000L;
    private static final FileStamp STAMP =
            new FileStamp(1234567, 42, NOW - 1000, 123_456_789, NOW - 900, 987_654_321);

    @TempDir private Path directory = Path.of("");

    private static String tag(TagPolicy policy, FileStamp stamp) {
        return policy.tag(stamp, ContentCoding.IDENTITY, NOW).toString();
    }

    @ParameterizedTest
    @EnumSource
    void changesWithTimeAndSize(TagPolicy policy) {
        FileStamp[] stamps = {
            STAMP,
            new FileStamp(1234567, 43, NOW - 1000, 123_456_789, NOW - 900, 987_654_321),
            new FileStamp(1234567, 42, NOW - 1000, 123_456_790, NOW - 900, 987_654_321),
            new FileStamp(1234567, 42, NOW - 1001, 123_456_789, NOW - 900, 987_654_321),
            new FileStamp(1234567, 42, -NOW, 123_456_789, NOW - 900, 987_654_321)
        };
        Set<String> tags = new HashSet<>();
        for (FileStamp stamp : stamps) assertTrue(tags.add(tag(policy, stamp)), stamp.toString());
        assertEquals(tag(policy, STAMP), tag(policy, STAMP));
    }

    @Test
    void ofThisHostChangesWithInodeAndChange() {
        FileStamp replaced =
                new FileStamp(1234568, 42, NOW - 1000, 123_456_789, NOW - 900, 987_654_321);
        FileStamp rewritten =
                new FileStamp(1234567, 42, NOW - 1000, 123_456_789, NOW - 900, 987_654_322);
        for (FileStamp stamp : new FileStamp[] {replaced, rewritten}) {
            assertNotEquals(tag(TagPolicy.HOST, STAMP), tag(TagPolicy.HOST, stamp));
            assertEquals(tag(TagPolicy.COPIES, STAMP), tag(TagPolicy.COPIES, stamp));
        }
    }

    @Test
    void doesNotTellTheInode() {
        FileStamp stamp = new FileStamp(0xabcdef, 1, 1, 0, 0, 0);
        assertFalse(tag(TagPolicy.HOST, stamp).contains("abcdef"));
    }

    @ParameterizedTest
    @EnumSource
    void isWeakWhileTheFileMayStillChange(TagPolicy policy) {
        for (int age = 0; age <= FileStamp.REST_SECONDS; age++) {
            FileStamp written = new FileStamp(1, 1, NOW - age, 0, NOW - age, 0);
            FileStamp copied = new FileStamp(1, 1, NOW - 10_000, 0, NOW - age, 0);
            FileStamp withoutChange = new FileStamp(1, 1, NOW - age, 0, 0, 0);
            FileStamp ahead = new FileStamp(1, 1, NOW - 10_000, 0, NOW + 10, 0);
            for (FileStamp stamp : new FileStamp[] {written, copied, withoutChange, ahead}) {
                assertTrue(policy.tag(stamp, ContentCoding.IDENTITY, NOW).isWeak());
            }
        }
        long rested = NOW - FileStamp.REST_SECONDS - 1;
        FileStamp atRest = new FileStamp(1, 1, rested, 0, rested, 0);
        FileStamp dated = new FileStamp(1, 1, NOW + 10_000, 0, rested, 0);
        assertFalse(policy.tag(atRest, ContentCoding.IDENTITY, NOW).isWeak());
        assertFalse(policy.tag(dated, ContentCoding.IDENTITY, NOW).isWeak());
    }

    /// RFC 9110 8.8.3.3: each coding has its own tag.
    @ParameterizedTest
    @EnumSource
    void differsByCoding(TagPolicy policy) {
        Set<String> tags = new HashSet<>();
        for (ContentCoding coding : ContentCoding.ALL) {
            assertTrue(tags.add(policy.tag(STAMP, coding, NOW).toString()));
        }
        assertTrue(tags.contains(tag(policy, STAMP)));
    }

    /// Another compressor may make other bytes of the same file.
    @ParameterizedTest
    @EnumSource
    void ofWhatWasMadeOfAFileChangesWithItsBytesToo(TagPolicy policy) {
        FileStamp longer = STAMP.withSizeBytes(43);
        FileStamp moving = new FileStamp(1234567, 42, NOW, 0, NOW, 0);
        byte[] made = {1, 2, 3};
        EntityTag tag = policy.tagOfMade(STAMP, made, NOW);
        assertFalse(tag.isWeak());
        assertEquals(tag, policy.tagOfMade(STAMP, made.clone(), NOW));
        assertNotEquals(tag, policy.tagOfMade(STAMP, new byte[] {1, 2, 4}, NOW));
        assertNotEquals(tag, policy.tagOfMade(longer, made, NOW));
        assertNotEquals(tag, policy.tag(STAMP, ContentCoding.GZIP, NOW));
        assertTrue(policy.tagOfMade(moving, made, NOW).isWeak());
    }

    @ParameterizedTest
    @EnumSource
    void isWellFormedForAnyStamp(TagPolicy policy) {
        for (long extreme : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
            FileStamp stamp = new FileStamp(extreme, extreme, extreme, 999_999_999, extreme, 0);
            String text = policy.tag(stamp, ContentCoding.BR, NOW).toString();
            assertTrue(text.matches("(W/)?\"[0-9a-f-]+-br\""), text);
        }
    }

    /// What packages and container images do, whose files all have one time.
    @Test
    void ofThisHostSeesAFileReplacedByOneOfItsSizeAndTime() throws IOException {
        Path served = directory.resolve("index.html");
        FileTime time = FileTime.from(Instant.EPOCH);
        Files.writeString(served, "app.1111.js");
        Files.setLastModifiedTime(served, time);
        FileStamp before = stamp(served);
        Path next = directory.resolve("next.html");
        Files.writeString(next, "app.2222.js");
        Files.setLastModifiedTime(next, time);
        Files.move(next, served, StandardCopyOption.ATOMIC_MOVE);
        assertNotEquals(tag(TagPolicy.HOST, before), tag(TagPolicy.HOST, stamp(served)));
        assertEquals(tag(TagPolicy.COPIES, before), tag(TagPolicy.COPIES, stamp(served)));
    }

    private static FileStamp stamp(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:ino,size,ctime");
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        Instant changed = ((FileTime) value(attributes, "ctime")).toInstant();
        return new FileStamp(
                (Long) value(attributes, "ino"),
                (Long) value(attributes, "size"),
                modified.getEpochSecond(),
                modified.getNano(),
                changed.getEpochSecond(),
                changed.getNano());
    }

    private static Object value(Map<String, Object> attributes, String name) {
        return Objects.requireNonNull(attributes.get(name));
    }
}
