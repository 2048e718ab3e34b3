/// What tests of servers and of transports are made of.
@NullMarked
package dev.torc.testkit;

import org.jspecify.annotations.NullMarked;
