/** The Lua HTTP filter: scripts, and what they see of a request and its response. */
@NullMarked
package dev.meshdojo.gateway.filter.lua;

import org.jspecify.annotations.NullMarked;
