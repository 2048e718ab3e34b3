package dev.torc.examples;

/// What is to be done.
record Task(String title, boolean done) {}
