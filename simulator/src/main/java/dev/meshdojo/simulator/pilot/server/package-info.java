/** The running control plane: follows the API server, translates and pushes to proxies. */
@NullMarked
package dev.meshdojo.simulator.pilot.server;

import org.jspecify.annotations.NullMarked;
