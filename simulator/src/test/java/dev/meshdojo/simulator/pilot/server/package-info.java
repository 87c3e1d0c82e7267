@org.jspecify.annotations.NullMarked
package dev.meshdojo.simulator.pilot.server;
