@NullMarked
package dev.meshdojo.simulator.pilot.model;

import org.jspecify.annotations.NullMarked;
