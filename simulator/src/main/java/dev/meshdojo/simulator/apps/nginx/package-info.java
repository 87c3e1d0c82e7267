/** A stand-in for nginx that reads its configuration. */
@NullMarked
package dev.meshdojo.simulator.apps.nginx;

import org.jspecify.annotations.NullMarked;
