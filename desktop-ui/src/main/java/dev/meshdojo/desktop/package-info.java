/** The desktop app: windows and start-up. */
@NullMarked
package dev.meshdojo.desktop;

import org.jspecify.annotations.NullMarked;
