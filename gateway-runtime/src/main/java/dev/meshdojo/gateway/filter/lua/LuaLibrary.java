package dev.meshdojo.gateway.filter.lua;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.classdump.luna.StateContext;
import org.classdump.luna.Table;
import org.classdump.luna.env.RuntimeEnvironments;
import org.classdump.luna.lib.StandardLibrary;

/**
 * Lua's standard library without what touches the machine: no files, no processes, no exit. Names
 * of Lua 5.1 that later versions dropped are there too.
 */
final class LuaLibrary {

    private static final List<String> WITHHELD =
            List.of("io", "dofile", "loadfile", "require", "package", "debug");
    private static final List<String> WITHHELD_OF_OS =
            List.of("exit", "execute", "remove", "rename", "tmpname", "getenv", "setlocale");

    private LuaLibrary() {}

    /** New globals. */
    static Table install(StateContext context) {
        Table globals =
                StandardLibrary.in(
                                RuntimeEnvironments.system(
                                        new ByteArrayInputStream(new byte[0]),
                                        OutputStream.nullOutputStream(),
                                        OutputStream.nullOutputStream()))
                        .installInto(context);
        WITHHELD.forEach(name -> globals.rawset(name, null));
        if (globals.rawget("os") instanceof Table os) {
            WITHHELD_OF_OS.forEach(name -> os.rawset(name, null));
        }
        if (globals.rawget("table") instanceof Table table) {
            globals.rawset("unpack", table.rawget("unpack"));
        }
        globals.rawset("loadstring", globals.rawget("load"));
        globals.rawset("print", new Method("print", LuaLibrary::print));
        return globals;
    }

    private static Object[] print(org.classdump.luna.lib.ArgumentIterator arguments) {
        LuaLog.LOG.info("script log: {}", Arrays.toString(arguments.copyAll()));
        return Method.NOTHING;
    }
}
