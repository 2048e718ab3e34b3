package dev.torc.uring.abi;

import static dev.torc.uring.abi.CStruct.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/// [AbiTest] for the structures of operations on files.
class FileAbiTest {
    private static final Map<Class<?>, Map<String, String>> STRUCTS =
            Map.of(OpenHow.class, openHow(), StatxBuf.class, statx());

    @TempDir private Path directory = Path.of("");

    @Test
    void structuresHaveTheKernelsSizes() {
        assertEquals(24, OpenHow.BYTES);
        assertEquals(256, StatxBuf.BYTES);
    }

    @Test
    void structuresAreWhatTheCompilerMakesOfThem() throws Exception {
        new CCompiler(directory).assertSame(STRUCTS);
    }

    private static Map<String, String> openHow() {
        return struct("open_how")
                .size("BYTES")
                .at("FLAGS", "flags")
                .at("MODE", "mode")
                .at("RESOLVE", "resolve")
                .expressions();
    }

    private static Map<String, String> statx() {
        Map<String, String> statx =
                struct("statx")
                        .size("BYTES")
                        .at("MASK", "stx_mask")
                        .at("BLKSIZE", "stx_blksize")
                        .at("ATTRIBUTES", "stx_attributes")
                        .at("NLINK", "stx_nlink")
                        .at("UID", "stx_uid")
                        .at("GID", "stx_gid")
                        .at("MODE", "stx_mode")
                        .at("INO", "stx_ino")
                        .at("SIZE", "stx_size")
                        .at("BLOCKS", "stx_blocks")
                        .at("ATTRIBUTES_MASK", "stx_attributes_mask")
                        .at("ATIME", "stx_atime")
                        .at("BTIME", "stx_btime")
                        .at("CTIME", "stx_ctime")
                        .at("MTIME", "stx_mtime")
                        .at("RDEV_MAJOR", "stx_rdev_major")
                        .at("RDEV_MINOR", "stx_rdev_minor")
                        .at("DEV_MAJOR", "stx_dev_major")
                        .at("DEV_MINOR", "stx_dev_minor")
                        .at("MNT_ID", "stx_mnt_id")
                        .at("DIO_MEM_ALIGN", "stx_dio_mem_align")
                        .at("DIO_OFFSET_ALIGN", "stx_dio_offset_align")
                        .expressions();
        statx.putAll(
                struct("statx_timestamp")
                        .at("TV_SEC", "tv_sec")
                        .at("TV_NSEC", "tv_nsec")
                        .expressions());
        return statx;
    }
}
