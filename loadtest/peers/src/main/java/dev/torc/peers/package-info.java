/// The servers that `loadtest/run` measures beside Torc: each as its own documentation advises for
/// speed, on one event loop where it has event loops, with the answers of `torc demo`. A main class
/// takes a port, a directory of files and, if it has several, its transport.
package dev.torc.peers;
