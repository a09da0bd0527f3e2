package io.synapse.gateway.http.app;

import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.ProviderFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The providers that the server does not bring along: whatever {@link ProviderFactory} there is in the plugins folder and
 * on the class path. Closing them closes the providers, then their jars.
 */
final class Plugins implements AutoCloseable {
    private final Settings settings;
    private final List<Plugin> plugins = new ArrayList<>();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private Plugins(Settings settings) {
        this.settings = settings;
    }

    /**
     * Finds the factories, and makes sure that somebody knows each setting.
     *
     * @throws SettingsException if one breaks a rule
     */
    static Plugins load(Settings settings) {
        return load(settings, Plugins.class.getClassLoader());
    }

    static Plugins load(Settings settings, ClassLoader server) {
        Plugins plugins = new Plugins(settings);
        try {
            plugins.add(PluginSource.classPath(server));
            Path folder = settings.pluginsDir();
            if (folder != null) {
                SharedClasses shared = new SharedClasses(server);
                PluginSource.entries(folder).forEach(entry -> plugins.add(PluginSource.plugin(entry, shared)));
            }
            plugins.checkSettings();
            return plugins;
        } catch (RuntimeException e) {
            plugins.close();
            throw e;
        }
    }

    private void add(PluginSource source) {
        parts.push(source);
        for (ProviderFactory factory : source.factories()) {
            Plugin plugin = new Plugin(source, factory);
            for (Plugin other : plugins) {
                if (other.id().equals(plugin.id())) {
                    throw source.refused("the id '" + plugin.id() + "' is taken by " + other.source());
                }
            }
            plugins.add(plugin);
        }
    }

    private void checkSettings() {
        Map<String, String> owners = new HashMap<>();
        Settings.NAMES.forEach(name -> owners.put(name, "the gateway"));
        for (Plugin plugin : plugins) {
            for (String name : plugin.settings()) {
                String other = owners.putIfAbsent(name, plugin.source().toString());
                if (other != null) {
                    throw plugin.source().refused("the setting " + name + " is taken by " + other);
                }
            }
        }
        for (String name : new TreeSet<>(settings.others().keySet())) {
            if (!owners.containsKey(name)) {
                throw new SettingsException(name + " is no setting of the gateway, nor of a plugin. Known are: "
                        + String.join(", ", new TreeSet<>(owners.keySet())) + ".");
            }
        }
    }

    /**
     * Has the providers made, each once.
     *
     * @param taken the ids of the providers that the server brings along
     * @return those that are configured
     * @throws SettingsException if one breaks a rule
     */
    List<Provider> create(Set<String> taken) {
        List<Provider> made = new ArrayList<>();
        for (Plugin plugin : plugins) {
            if (taken.contains(plugin.id())) {
                throw plugin.source().refused("the id '" + plugin.id() + "' is taken by the gateway itself");
            }
            parts.push(plugin);
            plugin.create(settings.others()).ifPresent(made::add);
        }
        return made;
    }

    /** The ids of all of them, configured or not. */
    Set<String> ids() {
        Set<String> ids = new TreeSet<>();
        plugins.forEach(plugin -> ids.add(plugin.id()));
        return ids;
    }

    @Override
    public void close() {
        Databases.closeAll(parts);
    }
}
