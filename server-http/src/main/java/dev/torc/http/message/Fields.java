package dev.torc.http.message;

import java.util.Arrays;

/// The field lines of a head or of a trailer section, as offsets into the bytes they came in.
///
/// The bytes belong to whoever received them, and may be copied elsewhere between two reads: then
/// [#moveTo(long)] follows them. The table grows up to a maximum and is kept for the next message.
/// Confined to its shard's thread.
public final class Fields {
    private static final int INTS_PER_FIELD = 4; // name start and length, value start and length
    private static final int COUNT_INITIAL = 16;

    private final int countMax;
    private int[] table;
    private int count;
    private int position;
    private long address;

    public Fields(int countMax) {
        this.countMax = countMax;
        this.table = new int[INTS_PER_FIELD * Math.min(countMax, COUNT_INITIAL)];
    }

    /// Forgets every field.
    public void reset() {
        count = 0;
        position = 0;
    }

    /// The offset of the first line that is not parsed yet: where a parse that waited for more
    /// bytes goes on.
    public int position() {
        return position;
    }

    public void position(int position) {
        this.position = position;
    }

    /// The bytes that the offsets refer to now start at `address`.
    public void moveTo(long address) {
        this.address = address;
    }

    /// Whether the table has as many fields as it may.
    public boolean isFull() {
        return count == countMax;
    }

    /// Appends a field to a table that is not full.
    public void add(int nameStart, int nameLength, int valueStart, int valueLength) {
        int[] table = this.table;
        int at = count * INTS_PER_FIELD;
        if (at == table.length) table = grow();
        table[at] = nameStart;
        table[at + 1] = nameLength;
        table[at + 2] = valueStart;
        table[at + 3] = valueLength;
        count++;
    }

    public int count() {
        return count;
    }

    /// The index of the first field with this name, or -1.
    public int find(byte[] lowerCaseName) {
        return find(lowerCaseName, 0);
    }

    /// The index of the first field with this name at or after `from`, or -1.
    public int find(byte[] lowerCaseName, int from) {
        for (int index = from; index < count; index++) {
            if (isNamed(index, lowerCaseName)) return index;
        }
        return -1;
    }

    public boolean isNamed(int index, byte[] lowerCaseName) {
        return Ascii.equalsIgnoreCase(nameAddress(index), nameLength(index), lowerCaseName);
    }

    public boolean isValue(int index, Keyword value) {
        return value.matches(valueAddress(index), valueLength(index));
    }

    public int nameStart(int index) {
        return table[row(index)];
    }

    public int nameLength(int index) {
        return table[row(index) + 1];
    }

    /// Where the value starts, without the whitespace around it.
    public int valueStart(int index) {
        return table[row(index) + 2];
    }

    public int valueLength(int index) {
        return table[row(index) + 3];
    }

    public long nameAddress(int index) {
        return address + nameStart(index);
    }

    public long valueAddress(int index) {
        return address + valueStart(index);
    }

    /// The name as it was sent. Allocates.
    public String name(int index) {
        return Ascii.text(nameAddress(index), nameLength(index));
    }

    /// The value, one char per byte. Allocates.
    public String value(int index) {
        return Ascii.text(valueAddress(index), valueLength(index));
    }

    private int row(int index) {
        assert index >= 0 && index < count : "index=" + index + ", count=" + count;
        return index * INTS_PER_FIELD;
    }

    private int[] grow() {
        assert count < countMax : "add to a full table";
        int fields = Math.min(countMax, Math.max(COUNT_INITIAL, 2 * count));
        table = Arrays.copyOf(table, fields * INTS_PER_FIELD);
        return table;
    }
}
