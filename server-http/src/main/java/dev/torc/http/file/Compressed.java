package dev.torc.http.file;

/// What has become of compressing a file for those who accept it.
enum Compressed {
    /// It is not to be: too small, too large, not of a type that is worth it, or there is a
    /// compressed file next to it.
    NEVER,
    /// Nobody has asked for it yet.
    NOT_YET,
    DONE,
    /// It hardly becomes smaller, and is sent as it is.
    IN_VAIN
}
