/** The programs of container images, run in process, and what they see of their container. */
@NullMarked
package dev.meshdojo.simulator.apps;

import org.jspecify.annotations.NullMarked;
