package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.BufferPool;
import dev.torc.core.Slice;
import dev.torc.core.memory.Memory;
import dev.torc.core.spi.Filesystem.OpenResult;
import dev.torc.core.spi.OpenFile;
import dev.torc.http.AllocatedBytes;
import dev.torc.http.MediaType;
import dev.torc.testkit.Seed;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class FileCacheTest {
    private static final long NAME = Arena.global().allocate(FilePath.PATH_BYTES_MAX).address();

    private static final BufferPool POOL = new BufferPool(BufferPool.SLICE_BYTES_MAX);

    private static final class Opened extends OpenFile {
        boolean closed;

        Opened() {
            super(1 << 20, 0, 0, 1, 1);
        }

        @Override
        protected void close() {
            closed = true;
        }
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static CachedFile absent(String name) {
        return new CachedFile(bytes(name), OpenResult.NOT_FOUND, 0);
    }

    private static @Nullable Slice shared(byte @Nullable [] content) {
        if (content == null) return null;
        Slice slice = POOL.take(content.length);
        assertNotNull(slice);
        slice.append(content, 0, content.length);
        Slice shared = POOL.share(slice);
        slice.release();
        return shared;
    }

    private static CachedFile file(
            String name, @Nullable OpenFile open, byte @Nullable [] content) {
        FileStamp stamp = new FileStamp(1, 1, 0, 0, 0, 0);
        Validators validators = Validators.of(EntityTag.strong("x"), 0);
        MediaType type = MediaType.TEXT_PLAIN;
        FileFields fields = new FileFields(validators, type, new byte[0], new byte[0]);
        @Nullable Representation[] all = new Representation[ContentCoding.ALL.size()];
        all[ContentCoding.IDENTITY.index()] =
                new Representation(ContentCoding.IDENTITY, stamp, 1, fields, open, shared(content));
        return new CachedFile(bytes(name), OpenResult.OPENED, all, Compressed.NEVER, 0);
    }

    private static @Nullable CachedFile find(FileCache cache, String name) {
        byte[] path = bytes(name);
        Memory.copy(path, 0, NAME, path.length);
        return cache.find(NAME, path.length);
    }

    @Test
    void findsWhatWasPutLast() {
        FileCache cache = new FileCache(10, 0, 0);
        assertNull(find(cache, "a"));
        CachedFile first = absent("a");
        CachedFile second = absent("a");
        cache.put(first);
        assertSame(first, find(cache, "a"));
        cache.put(second);
        assertSame(second, find(cache, "a"));
        assertEquals(1, cache.count());
        cache.remove(bytes("a"));
        cache.remove(bytes("a"));
        assertNull(find(cache, "a"));
        assertEquals(0, cache.count());
    }

    @Test
    void holdsWhatWasAskedForLast() {
        long seed = Seed.next();
        Random random = new Random(seed);
        int max = 50;
        FileCache cache = new FileCache(max, 0, max);
        Map<String, CachedFile> twin = new LinkedHashMap<>(16, 0.75f, true);
        for (int i = 0; i < 20_000; i++) {
            String name = "d/" + random.nextInt(120);
            switch (random.nextInt(4)) {
                case 0 -> {
                    CachedFile added =
                            random.nextBoolean() ? absent(name) : file(name, new Opened(), null);
                    cache.put(added);
                    twin.remove(name);
                    twin.put(name, added);
                    if (twin.size() > max) twin.remove(twin.keySet().iterator().next());
                }
                case 1 -> {
                    cache.remove(bytes(name));
                    twin.remove(name);
                }
                default -> assertSame(twin.get(name), find(cache, name), "seed " + seed);
            }
            assertEquals(twin.size(), cache.count(), "seed " + seed);
        }
    }

    @Test
    void closesFilesThatHaveNoPlaceButNotThoseBeingSent() {
        FileCache cache = new FileCache(10, 0, 2);
        List<Opened> files = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Opened opened = new Opened();
            if (i == 0) opened.retain(); // a transfer's
            files.add(opened);
            cache.put(file("f" + i, opened, null));
        }
        assertEquals(2, cache.openFiles());
        assertFalse(files.get(0).closed);
        files.get(0).release();
        for (int i = 0; i < 5; i++) assertEquals(i < 3, files.get(i).closed);
        cache.closeHalf();
        assertEquals(1, cache.openFiles());
        assertNull(find(cache, "f3"));
        assertNotNull(find(cache, "f4"));
        cache.closeHalf();
        assertEquals(0, cache.openFiles());
        assertTrue(files.get(4).closed);
    }

    /// Else whoever asks for many large files has all of the small ones read again.
    @Test
    void forgetsNothingButOpenFilesWhenThereAreTooManyOfThose() {
        FileCache cache = new FileCache(1000, 1000, 2);
        for (int i = 0; i < 100; i++) cache.put(file("small" + i, null, new byte[10]));
        cache.put(absent("absent"));
        for (int i = 0; i < 5; i++) cache.put(file("large" + i, new Opened(), null));
        for (int i = 0; i < 100; i++) assertNotNull(find(cache, "small" + i));
        assertNotNull(find(cache, "absent"));
        for (int i = 0; i < 5; i++) assertEquals(i >= 3, find(cache, "large" + i) != null);
        assertEquals(103, cache.count());
        cache.put(file("small", null, new byte[10]));
        assertNull(find(cache, "small0"), "the oldest of all, for content");
        assertNotNull(find(cache, "large3"));
        cache.closeHalf();
        cache.closeHalf();
        assertEquals(101, cache.count());
        assertEquals(1000, cache.contentBytes());
    }

    @Test
    void boundsContent() {
        FileCache cache = new FileCache(100, 1000, 0);
        for (int i = 0; i < 50; i++) {
            cache.put(file("f" + i, null, new byte[300]));
            assertTrue(cache.contentBytes() <= 1000);
            assertNotNull(find(cache, "f" + i));
        }
        assertEquals(3, cache.count());
        cache.put(file("large", null, new byte[5000]));
        assertEquals(1, cache.count());
        assertNotNull(find(cache, "large"));
    }

    @Test
    void findsWithoutAllocating() {
        FileCache cache = new FileCache(100, 0, 0);
        for (int i = 0; i < 100; i++) cache.put(absent("some/name/" + i));
        byte[] path = bytes("some/name/7");
        byte[] other = bytes("some/name/8");
        Memory.copy(path, 0, NAME, path.length);
        Memory.copy(other, 0, NAME + 100, other.length);
        Runnable search =
                () -> {
                    for (int i = 0; i < 10_000; i++) {
                        cache.find(NAME, path.length);
                        cache.find(NAME + 100, other.length);
                    }
                };
        assertEquals(0, AllocatedBytes.steady(search));
    }
}
