/** The traffic picture: who called whom, and what came back. */
@NullMarked
package dev.meshdojo.desktop.traffic;

import org.jspecify.annotations.NullMarked;
