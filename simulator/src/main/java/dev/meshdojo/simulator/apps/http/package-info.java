/** A small exact HTTP server for sample workloads: it adds no header and loses none. */
@NullMarked
package dev.meshdojo.simulator.apps.http;

import org.jspecify.annotations.NullMarked;
