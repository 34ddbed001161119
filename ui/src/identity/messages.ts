import { words } from '@/lib/words'

export default words({
  zh: {
    identity: {
      signIn: '登录', tagline: '市水利局工作平台', login: '账号', password: '密码', enter: '登录', entering: '正在登录…',
      changePassword: '修改密码', old: '当前密码', new: '新密码', again: '再输入一次新密码', save: '保存', saved: '密码已修改',
      differ: '两次输入的新密码不一致', mustChange: '首次登录须先修改密码。', demoHint: '演示环境账号在启动时显示于终端。',
    },
  },
  en: {
    identity: {
      signIn: 'Sign in', tagline: 'The work platform of a city water bureau', login: 'Account', password: 'Password', enter: 'Sign in', entering: 'Signing in…',
      changePassword: 'Change password', old: 'Current password', new: 'New password', again: 'New password again', save: 'Save', saved: 'The password is changed',
      differ: 'The two new passwords differ', mustChange: 'Change the password before the first use.', demoHint: 'A demo prints its accounts in the terminal when it starts.',
    },
  },
})
