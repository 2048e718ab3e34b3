package dev.torc.uring.abi;

import java.util.List;

/// Constants of `linux/io_uring.h`, in C spelling.
public final class IoUring {
    public static final int IORING_OFF_SQ_RING = 0;
    public static final int IORING_OFF_SQES = 0x10000000;

    public static final int IORING_SETUP_CQSIZE = 1 << 3;
    public static final int IORING_SETUP_CLAMP = 1 << 4;
    public static final int IORING_SETUP_SUBMIT_ALL = 1 << 7; // 5.18
    public static final int IORING_SETUP_COOP_TASKRUN = 1 << 8; // 5.19
    public static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12; // 6.0
    public static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13; // 6.1
    public static final int IORING_SETUP_NO_SQARRAY = 1 << 16; // 6.6

    public static final int IORING_FEAT_SINGLE_MMAP = 1;
    public static final int IORING_FEAT_NODROP = 1 << 1;
    public static final int IORING_FEAT_SUBMIT_STABLE = 1 << 2;
    public static final int IORING_FEAT_EXT_ARG = 1 << 8;
    public static final int IORING_FEAT_CQE_SKIP = 1 << 11;

    public static final int IORING_ENTER_GETEVENTS = 1;
    public static final int IORING_ENTER_EXT_ARG = 1 << 3;
    public static final int IORING_ENTER_REGISTERED_RING = 1 << 4;

    public static final int IORING_SQ_CQ_OVERFLOW = 1 << 1;

    public static final int IORING_REGISTER_PROBE = 8;
    public static final int IORING_REGISTER_FILES2 = 13;
    public static final int IORING_REGISTER_IOWQ_MAX_WORKERS = 19;
    public static final int IORING_REGISTER_RING_FDS = 20;
    public static final int IORING_UNREGISTER_RING_FDS = 21;
    public static final int IORING_REGISTER_PBUF_RING = 22;
    public static final int IORING_UNREGISTER_PBUF_RING = 23;

    public static final int IORING_RSRC_REGISTER_SPARSE = 1;
    public static final int IORING_FILE_INDEX_ALLOC = ~0;

    public static final int IOSQE_FIXED_FILE = 1;
    public static final int IOSQE_BUFFER_SELECT = 1 << 5;
    public static final int IOSQE_CQE_SKIP_SUCCESS = 1 << 6; // 5.17

    public static final int IORING_CQE_F_BUFFER = 1;
    public static final int IORING_CQE_F_MORE = 1 << 1;
    public static final int IORING_CQE_BUFFER_SHIFT = 16;

    public static final int IORING_RECV_MULTISHOT = 1 << 1; // in sqe->ioprio
    public static final int IORING_ACCEPT_MULTISHOT = 1; // in sqe->ioprio

    public static final int IORING_TIMEOUT_UPDATE = 1 << 1; // in sqe->timeout_flags

    public static final int IO_URING_OP_SUPPORTED = 1;

    public static final int IORING_OP_NOP = 0;
    public static final int IORING_OP_TIMEOUT = 11;
    public static final int IORING_OP_TIMEOUT_REMOVE = 12;
    public static final int IORING_OP_ACCEPT = 13;
    public static final int IORING_OP_ASYNC_CANCEL = 14;
    public static final int IORING_OP_CLOSE = 19;
    public static final int IORING_OP_READ = 22;
    public static final int IORING_OP_SEND = 26;
    public static final int IORING_OP_RECV = 27;
    public static final int IORING_OP_SHUTDOWN = 34;
    public static final int IORING_OP_FIXED_FD_INSTALL = 54;

    private IoUring() {}

    /// The operations' names without their prefix, by opcode, up to kernel 6.18.
    public static List<String> opcodeNames() {
        return List.of(
                ("NOP READV WRITEV FSYNC READ_FIXED WRITE_FIXED POLL_ADD POLL_REMOVE"
                                + " SYNC_FILE_RANGE SENDMSG RECVMSG TIMEOUT TIMEOUT_REMOVE ACCEPT"
                                + " ASYNC_CANCEL LINK_TIMEOUT CONNECT FALLOCATE OPENAT CLOSE"
                                + " FILES_UPDATE STATX READ WRITE FADVISE MADVISE SEND RECV OPENAT2"
                                + " EPOLL_CTL SPLICE PROVIDE_BUFFERS REMOVE_BUFFERS TEE SHUTDOWN"
                                + " RENAMEAT UNLINKAT MKDIRAT SYMLINKAT LINKAT MSG_RING FSETXATTR"
                                + " SETXATTR FGETXATTR GETXATTR SOCKET URING_CMD SEND_ZC SENDMSG_ZC"
                                + " READ_MULTISHOT WAITID FUTEX_WAIT FUTEX_WAKE FUTEX_WAITV"
                                + " FIXED_FD_INSTALL FTRUNCATE BIND LISTEN RECV_ZC EPOLL_WAIT"
                                + " READV_FIXED WRITEV_FIXED PIPE")
                        .split(" "));
    }

    /// The set-up flags' names without their prefix, by bit, up to kernel 6.18.
    public static List<String> setupNames() {
        return List.of(
                ("IOPOLL SQPOLL SQ_AFF CQSIZE CLAMP ATTACH_WQ R_DISABLED SUBMIT_ALL COOP_TASKRUN"
                                + " TASKRUN_FLAG SQE128 CQE32 SINGLE_ISSUER DEFER_TASKRUN NO_MMAP"
                                + " REGISTERED_FD_ONLY NO_SQARRAY HYBRID_IOPOLL CQE_MIXED")
                        .split(" "));
    }

    /// The features' names without their prefix, by bit, up to kernel 6.18.
    public static List<String> featureNames() {
        return List.of(
                ("SINGLE_MMAP NODROP SUBMIT_STABLE RW_CUR_POS CUR_PERSONALITY FAST_POLL POLL_32BITS"
                                + " SQPOLL_NONFIXED EXT_ARG NATIVE_WORKERS RSRC_TAGS CQE_SKIP"
                                + " LINKED_FILE REG_REG_RING RECVSEND_BUNDLE MIN_TIMEOUT RW_ATTR"
                                + " NO_IOWAIT")
                        .split(" "));
    }
}
