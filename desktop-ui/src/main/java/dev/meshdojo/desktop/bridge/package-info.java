/** The only door from the desktop app to the simulator. */
@NullMarked
package dev.meshdojo.desktop.bridge;

import org.jspecify.annotations.NullMarked;
