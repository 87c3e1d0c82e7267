/** The lab shell's {@code openssl}: looks at certificates in files and on the wire. */
@NullMarked
package dev.meshdojo.simulator.shell.command.openssl;

import org.jspecify.annotations.NullMarked;
