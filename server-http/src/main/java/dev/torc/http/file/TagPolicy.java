package dev.torc.http.file;

import java.util.zip.CRC32C;

/// What the entity tag of a file is made of (RFC 9110 8.8.3), and so which changes it can see.
///
/// Under either policy a file that changed within the last two seconds has a weak tag: it may
/// change again before the kernel's clock ticks. Downloads of it cannot be resumed until then, and
/// nothing worse.
public enum TagPolicy {
    /// From the time of modification in nanoseconds, the size, and what this host alone knows, the
    /// inode and the time of its last change. Sees every change, also that of a file that was
    /// replaced by another of the same size and time, as packages, container images and `rsync -t`
    /// do; and some that are none, such as `chmod`. Copies on other hosts have other tags.
    HOST {
        @Override
        String opaque(FileStamp stamp) {
            long changed = nanos(stamp.changedSeconds(), stamp.changedNanos());
            return COPIES.opaque(stamp) + '-' + hex(mix(mix(stamp.inode()) ^ changed));
        }
    },
    /// From the time of modification in nanoseconds and the size, so that hosts behind one load
    /// balancer give copies the same tag, if they have the same times. Does not see a file replaced
    /// by another of the same size and time.
    COPIES {
        @Override
        String opaque(FileStamp stamp) {
            long modified = nanos(stamp.modifiedSeconds(), stamp.modifiedNanos());
            return hex(modified) + '-' + hex(stamp.sizeBytes());
        }
    };

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /// The characters between the quotes.
    abstract String opaque(FileStamp stamp);

    /// The tag of this state of a file, sent as `coding`: what is compressed has other bytes, so it
    /// needs another tag.
    EntityTag tag(FileStamp stamp, ContentCoding coding, long nowEpochSeconds) {
        String opaque = opaque(stamp);
        if (coding != ContentCoding.IDENTITY) opaque += '-' + coding.token();
        return tag(opaque, stamp, nowEpochSeconds);
    }

    /// The tag of what was made of this state of a file by compressing it. The bytes depend on the
    /// file and on the compressor, which may be another one after an update or on another host, so
    /// the tag has a checksum of them: it is as strong as the file's own.
    EntityTag tagOfMade(FileStamp stamp, byte[] made, long nowEpochSeconds) {
        CRC32C checksum = new CRC32C();
        checksum.update(made);
        String opaque = opaque(stamp) + EntityTag.MADE + hex(checksum.getValue());
        return tag(opaque, stamp, nowEpochSeconds);
    }

    private static EntityTag tag(String opaque, FileStamp stamp, long nowEpochSeconds) {
        return stamp.isInMotion(nowEpochSeconds)
                ? EntityTag.weak(opaque)
                : EntityTag.strong(opaque);
    }

    private static String hex(long number) {
        return Long.toHexString(number);
    }

    /// Wraps beyond the years 1677 to 2262, which still tells times apart.
    private static long nanos(long seconds, int nanos) {
        return seconds * NANOS_PER_SECOND + nanos;
    }

    /// The finalizer of MurmurHash3: inode numbers are nobody's business (CVE-2003-1418).
    private static long mix(long number) {
        number = (number ^ (number >>> 33)) * 0xff51afd7ed558ccdL;
        number = (number ^ (number >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return number ^ (number >>> 33);
    }
}
