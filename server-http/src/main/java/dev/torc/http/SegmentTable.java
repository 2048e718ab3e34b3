package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/// An open-addressing hash table from a path segment to a value, at most half full.
///
/// Keys are the decoded UTF-8 of a segment, looked up in native memory without a copy. The hash
/// takes eight bytes a step and needs no seed: the keys are the developer's, a peer can only look
/// one up. Filled at start by one thread, then read by all; a look-up allocates nothing.
final class SegmentTable<V> {
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private @Nullable Entry<V>[] entries = newEntries(4);
    private int size;

    /// The value of `key`, which becomes `initial`'s if the key is new.
    V computeIfAbsent(String key, Supplier<V> initial) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        long[] words = words(bytes);
        long hash = hash(words, bytes.length);
        Entry<V> present = entries[slotOf(key, hash)];
        if (present != null) return present.value;
        if (++size * 2 > entries.length) grow();
        V value = initial.get();
        entries[slotOf(key, hash)] = new Entry<>(key, bytes.length, words, hash, value);
        return value;
    }

    /// The value of the segment in `[address, segmentEnd)`, which has no percent-encoding; null if
    /// it has none. `end` is where the readable memory ends.
    @Nullable V find(long address, long segmentEnd, long end) {
        long hash = 0;
        for (long at = address; at < segmentEnd; at += Long.BYTES) {
            hash = mix(hash, PathBytes.word(at, PathBytes.bytesAt(at, segmentEnd), end));
        }
        hash = mix(hash, segmentEnd - address);
        int slot = (int) hash & (entries.length - 1);
        while (true) {
            Entry<V> entry = entries[slot];
            if (entry == null) return null;
            if (entry.hash == hash && entry.equals(address, segmentEnd, end)) return entry.value;
            slot = (slot + 1) & (entries.length - 1);
        }
    }

    /// Like [#find(long, long, long)] for a segment with percent-encoding, all of it well-formed.
    @Nullable V findDecoded(long address, long segmentEnd) {
        long hash = hashDecoded(address, segmentEnd);
        int slot = (int) hash & (entries.length - 1);
        while (true) {
            Entry<V> entry = entries[slot];
            if (entry == null) return null;
            if (entry.hash == hash && entry.equalsDecoded(address, segmentEnd)) return entry.value;
            slot = (slot + 1) & (entries.length - 1);
        }
    }

    private static long hash(long[] words, int length) {
        long hash = 0;
        for (long word : words) hash = mix(hash, word);
        return mix(hash, length);
    }

    private static long hashDecoded(long address, long segmentEnd) {
        long hash = 0;
        long word = 0;
        int count = 0;
        for (long at = address; at < segmentEnd; at += PercentDecoding.width(at)) {
            // Java shifts a long by the count modulo 64, so every eighth octet starts a word.
            word |= (long) PercentDecoding.octet(at, segmentEnd) << (count * Byte.SIZE);
            count++;
            if (count % Long.BYTES == 0) {
                hash = mix(hash, word);
                word = 0;
            }
        }
        if (count % Long.BYTES != 0) hash = mix(hash, word);
        return mix(hash, count);
    }

    private static long mix(long hash, long word) {
        long product = (hash ^ word) * MULTIPLIER;
        return product ^ (product >>> 32);
    }

    private static long[] words(byte[] bytes) {
        long[] words = new long[(bytes.length + Long.BYTES - 1) / Long.BYTES];
        byte[] padded = Arrays.copyOf(bytes, words.length * Long.BYTES);
        ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
        return words;
    }

    /// Where `key` is, or the free slot where it belongs.
    private int slotOf(String key, long hash) {
        int slot = (int) hash & (entries.length - 1);
        while (true) {
            Entry<V> entry = entries[slot];
            if (entry == null || entry.key.equals(key)) return slot;
            slot = (slot + 1) & (entries.length - 1);
        }
    }

    private void grow() {
        @Nullable Entry<V>[] old = entries;
        entries = newEntries(old.length * 2);
        for (Entry<V> entry : old) {
            if (entry != null) entries[slotOf(entry.key, entry.hash)] = entry;
        }
    }

    @SuppressWarnings({
        "unchecked",
        "rawtypes"
    }) // an array of a generic class has no other spelling
    private static <V> @Nullable Entry<V>[] newEntries(int capacity) {
        return new Entry[capacity];
    }

    private static final class Entry<V> {
        final String key;
        final int length;
        final long[] words;
        final long hash;
        final V value;

        Entry(String key, int length, long[] words, long hash, V value) {
            this.key = key;
            this.length = length;
            this.words = words;
            this.hash = hash;
            this.value = value;
        }

        boolean equals(long address, long segmentEnd, long end) {
            if (segmentEnd - address != length) return false;
            long at = address;
            for (long word : words) {
                if (PathBytes.word(at, PathBytes.bytesAt(at, segmentEnd), end) != word)
                    return false;
                at += Long.BYTES;
            }
            return true;
        }

        boolean equalsDecoded(long address, long segmentEnd) {
            int count = 0;
            for (long at = address; at < segmentEnd; at += PercentDecoding.width(at)) {
                if (count == length) return false;
                long octet = words[count / Long.BYTES] >>> (count * Byte.SIZE) & 0xFF;
                if (octet != PercentDecoding.octet(at, segmentEnd)) return false;
                count++;
            }
            return count == length;
        }
    }
}
