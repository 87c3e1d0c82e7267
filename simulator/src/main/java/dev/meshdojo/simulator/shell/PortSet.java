package dev.meshdojo.simulator.shell;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The ports of a job; tells when the first one is added. Thread-safe. */
final class PortSet extends AbstractSet<Invocation.ListeningPort> {

    private final Set<Invocation.ListeningPort> ports = ConcurrentHashMap.newKeySet();
    private final Runnable whenAdded;

    PortSet(Runnable whenAdded) {
        this.whenAdded = whenAdded;
    }

    @Override
    public boolean add(Invocation.ListeningPort port) {
        boolean added = ports.add(port);
        whenAdded.run();
        return added;
    }

    @Override
    public boolean remove(Object port) {
        return ports.remove(port);
    }

    @Override
    public Iterator<Invocation.ListeningPort> iterator() {
        return ports.iterator();
    }

    @Override
    public int size() {
        return ports.size();
    }
}
