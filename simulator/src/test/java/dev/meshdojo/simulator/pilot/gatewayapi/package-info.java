@NullMarked
package dev.meshdojo.simulator.pilot.gatewayapi;

import org.jspecify.annotations.NullMarked;
