/// An HTTP server: handlers, requests, responses and the router.
@NullMarked
package dev.torc.http;

import org.jspecify.annotations.NullMarked;
