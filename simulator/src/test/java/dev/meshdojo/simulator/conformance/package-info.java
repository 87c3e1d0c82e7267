@NullMarked
package dev.meshdojo.simulator.conformance;

import org.jspecify.annotations.NullMarked;
