/** The HTTPS face of the API server: connections, authentication, routing, verbs, watch streams. */
@NullMarked
package dev.meshdojo.simulator.apiserver.rest;

import org.jspecify.annotations.NullMarked;
