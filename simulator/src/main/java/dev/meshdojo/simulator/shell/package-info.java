/** The lab shell: parser, jobs, pipes. */
@NullMarked
package dev.meshdojo.simulator.shell;

import org.jspecify.annotations.NullMarked;
