/** The scheduler: pods to nodes. */
@NullMarked
package dev.meshdojo.simulator.controller.scheduling;

import org.jspecify.annotations.NullMarked;
