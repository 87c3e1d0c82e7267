/** Controllers that remove pods from nodes that do not take them or are gone. */
@NullMarked
package dev.meshdojo.simulator.controller.eviction;

import org.jspecify.annotations.NullMarked;
