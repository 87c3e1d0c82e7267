/** The control loops of one cluster: {@code ControllerSet} starts and ends them all. */
@NullMarked
package dev.meshdojo.simulator.controller;

import org.jspecify.annotations.NullMarked;
