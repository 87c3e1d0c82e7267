/** Informers, work queues, event recording and the loop that drives a controller. */
@NullMarked
package dev.meshdojo.simulator.controller.runtime;

import org.jspecify.annotations.NullMarked;
