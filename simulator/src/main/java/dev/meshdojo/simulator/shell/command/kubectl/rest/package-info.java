/** The Kubernetes API over plain HTTP, as kubectl uses it; works with any cluster. */
@NullMarked
package dev.meshdojo.simulator.shell.command.kubectl.rest;

import org.jspecify.annotations.NullMarked;
