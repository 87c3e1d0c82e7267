/** Labs: markdown steps with commands to run, checks, progress and reports. */
@NullMarked
package dev.meshdojo.simulator.lab;

import org.jspecify.annotations.NullMarked;
