package dev.meshdojo.gateway.filter.lua;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where scripts and their failures are logged. */
final class LuaLog {

    static final Logger LOG = LoggerFactory.getLogger("dev.meshdojo.gateway.filter.lua");

    private LuaLog() {}
}
