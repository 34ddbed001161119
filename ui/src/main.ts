import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './lib/i18n'
import { installKeys } from './lib/keys'
import { applySettings } from './lib/settings'
import { router } from './router'
import './style/tokens.css'
import './style/base.css'
import './style/controls.css'
import './style/element.css'
import './style/print.css'

applySettings(document.documentElement)
installKeys(window)
createApp(App).use(router).use(i18n).mount('#app')
