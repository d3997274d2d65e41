"""What a given name mostly says of its bearer: 秀英 a woman, 建国 a man."""

from __future__ import annotations

# characters that stand in names of women, or of men, far more often than in the others'; few are borne by both
_OF_WOMEN = frozenset(
    "英兰芳秀玲娟梅霞凤香莲花琴珍桂淑红燕丽艳美萍娥翠菊彩妹姝娜婷媛婉妍洁倩雪蓉莉茹静芝芬芹莹薇蕾蓓黛琼瑶珠环玉"
    "春兰荷桃杏枝叶巧惠慧敏贤淑贞素娇嫚姣姗嫂妮婵嫦娴妙怡欣悦柔琳琪瑛瑾璐露霜虹雁鸽莺"
)
_OF_MEN = frozenset(
    "国军强刚伟勇涛建民龙虎富贵财山武斌峰超辉鹏飞杰德志忠义福发旺宝柱栓铁钢锋彪豪雄浩磊鑫松柏江河田根生祥庆"
    "东亮兵战胜利毅坤宏振兴孝守祖宗耀邦栋梁臣仁信礼勤俭良才"
)
_TELLING = (_OF_WOMEN - _OF_MEN, _OF_MEN - _OF_WOMEN)


def sex_of(name: str) -> str:
    """女 or 男 by the last character of the given name that tells, '' where none does.

    >>> sex_of("王秀英"), sex_of("李建国"), sex_of("金哲")
    ('女', '男', '')
    """
    for character in reversed(name[1:]):
        for sex, telling in zip("女男", _TELLING, strict=True):
            if character in telling:
                return sex
    return ""
