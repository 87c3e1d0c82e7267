package dev.meshdojo.gateway.filter.lua;

import org.classdump.luna.lib.AbstractLibFunction;
import org.classdump.luna.lib.ArgumentIterator;
import org.classdump.luna.runtime.ExecutionContext;

/** A Lua function that Java answers at once. */
final class Method extends AbstractLibFunction {

    static final Object[] NOTHING = {};

    /** What it does. */
    @FunctionalInterface
    interface Work {
        Object[] call(ArgumentIterator arguments);
    }

    private final String name;
    private final Work work;

    Method(String name, Work work) {
        this.name = name;
        this.work = work;
    }

    @Override
    protected String name() {
        return name;
    }

    @Override
    protected void invoke(ExecutionContext context, ArgumentIterator arguments) {
        context.getReturnBuffer().setToContentsOf(work.call(arguments));
    }
}
